"""Parquet tables with a fixed, versioned schema."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wganbench.errors import UserError
from wganbench.files import written_atomically

CODE = b"code_digest"


def schema(name: str, version: int, fields: Iterable[pa.Field]) -> pa.Schema:
    """Return a schema that carries its name and version into the file."""
    return pa.schema(
        fields, metadata={"schema": f"wganbench.{name}", "schema_version": str(version)}
    )


def write_table(
    rows: Iterable[Mapping[str, Any]], table_schema: pa.Schema, path: Path, code: str = ""
) -> None:
    """Write rows, atomically, with the digest of the code that made them if one is given."""
    if code:
        metadata = table_schema.metadata | {CODE: code.encode()}
        table_schema = table_schema.with_metadata(metadata)
    with written_atomically(path) as temporary:
        pq.write_table(pa.Table.from_pylist(list(rows), schema=table_schema), temporary)


def code_of(table: pa.Table) -> str:
    """Return the digest of the code that made a table; nothing if it does not say."""
    return str((table.schema.metadata or {}).get(CODE, b"").decode())


def read_table(path: Path, table_schema: pa.Schema, remedy: str) -> pa.Table:
    """Return a parquet file of ours.

    Raises:
        UserError: the file is missing, damaged, or has another schema or version.
    """
    if not path.is_file():
        raise UserError(f"{path}: is missing; {remedy}")
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        first_line = str(error).partition("\n")[0]
        raise UserError(f"{path}: is damaged ({first_line}); delete it and {remedy}") from None
    if not table.schema.equals(table_schema, check_metadata=False):
        raise UserError(f"{path}: has other columns than this wganbench writes; {remedy}")
    found = {key: (table.schema.metadata or {}).get(key, b"none") for key in table_schema.metadata}
    if found != table_schema.metadata:
        raise UserError(
            f"{path}: has schema {_title(found)}, this wganbench reads "
            f"{_title(table_schema.metadata)}; {remedy}"
        )
    return table


def _title(metadata: Mapping[bytes, bytes]) -> str:
    return b" ".join((metadata[b"schema"], b"version", metadata[b"schema_version"])).decode()
