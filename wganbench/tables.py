"""Parquet tables with a fixed, versioned schema."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wganbench.errors import UserError
from wganbench.files import written_atomically


def schema(name: str, version: int, fields: Iterable[pa.Field]) -> pa.Schema:
    """Return a schema that carries its name and version into the file."""
    return pa.schema(
        fields, metadata={"schema": f"wganbench.{name}", "schema_version": str(version)}
    )


def write_table(rows: Iterable[Mapping[str, Any]], table_schema: pa.Schema, path: Path) -> None:
    """Write rows, atomically."""
    with written_atomically(path) as temporary:
        pq.write_table(pa.Table.from_pylist(list(rows), schema=table_schema), temporary)


def read_table(path: Path, table_schema: pa.Schema, remedy: str) -> pa.Table:
    """Return a parquet file of ours.

    Raises:
        UserError: the file is missing, damaged, or has another schema or version.
    """
    try:
        table = pq.read_table(path)
    except FileNotFoundError:
        raise UserError(f"{path}: is missing; {remedy}") from None
    except (pa.ArrowException, OSError) as error:
        first_line = str(error).splitlines()[0]
        raise UserError(f"{path}: is damaged ({first_line}); delete it and {remedy}") from None
    if not table.schema.equals(table_schema, check_metadata=False):
        raise UserError(f"{path}: has other columns than this wganbench writes; {remedy}")
    found = (table.schema.metadata or {}).get(b"schema_version")
    wanted = table_schema.metadata[b"schema_version"]
    if found != wanted:
        raise UserError(
            f"{path}: has schema version {found!r}, this wganbench reads {wanted!r}; {remedy}"
        )
    return table
