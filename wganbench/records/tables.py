"""Parquet tables with a fixed, versioned schema."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from wganbench.errors import UserError
from wganbench.files import check_readable, written_atomically

CODE = b"code_digest"
RUN = b"run"
SOURCE = b"source_sha256"


def schema(name: str, version: int, fields: Iterable[pa.Field]) -> pa.Schema:
    """Return a schema that carries its name and version into the file."""
    return pa.schema(
        fields, metadata={"schema": f"wganbench.{name}", "schema_version": str(version)}
    )


def column(name: str, kind: pa.DataType, about: str, *, nullable: bool = True) -> pa.Field:
    """Return a column that carries what it holds into the file."""
    return pa.field(name, kind, nullable=nullable, metadata={"about": about})


def columns(kind: pa.DataType, about: Mapping[str, str]) -> list[pa.Field]:
    """Return columns of one kind: name, and what it holds."""
    return [column(name, kind, words) for name, words in about.items()]


def by_evaluation(name: str, version: int, fields: Iterable[pa.Field]) -> pa.Schema:
    """Return the schema of a table with a row for each seed and iteration."""
    key = [pa.field(part, pa.int64(), nullable=False) for part in ("seed", "iteration")]
    return schema(name, version, [*key, *fields])


def write_table(
    rows: Iterable[Mapping[str, Any]],
    table_schema: pa.Schema,
    path: Path,
    code: str = "",
    run: str = "",
    source: str = "",
) -> None:
    """Write rows, atomically, with a checksum of every page.

    Args:
        rows: the rows.
        table_schema: the schema.
        path: the file.
        code: the digest of the code that made them, if the file shall carry it.
        run: the digest of the run that they are of, if they are of one.
        source: the digest of the files that they were measured on, if they were.
    """
    marks = {CODE: code, RUN: run, SOURCE: source}
    metadata = table_schema.metadata | {k: v.encode() for k, v in marks.items() if v}
    with _without_pandas():
        table = pa.Table.from_pylist(list(rows), schema=table_schema.with_metadata(metadata))
    with written_atomically(path) as temporary:
        pq.write_table(table, temporary, write_page_checksum=True)


@contextmanager
def _without_pandas() -> Iterator[None]:
    """Keep pyarrow from importing pandas, half a second, to see whether a list is a frame of it.

    It looks for pandas once, before it makes its first array; `to_pandas` looks again.
    """
    finder = _PandasIsMissing()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _PandasIsMissing(MetaPathFinder):
    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


def code_of(table: pa.Table) -> str:
    """Return the digest of the code that made a table; nothing if the file has none."""
    return str((table.schema.metadata or {}).get(CODE, b"").decode(errors="replace"))


def source_of(table: pa.Table) -> str:
    """Return the digest of what a table was measured on; nothing if the file has none."""
    return str((table.schema.metadata or {}).get(SOURCE, b"").decode(errors="replace"))


def read_table(
    path: Path,
    table_schema: pa.Schema,
    remedy: str,
    run: str | None = None,
    others: pa.DataType | None = None,
) -> pa.Table:
    """Return a parquet file of ours after checking its pages against their checksums.

    A column that is younger than the file is null throughout.

    Args:
        path: the file.
        table_schema: what it holds.
        remedy: what makes the file again, for the error's text.
        run: the digest of the run whose file it has to be; an older file has none.
        others: the type of columns besides the schema's; without it there may be none.

    Raises:
        UserError: the file is missing, damaged, another run's, or of another schema or version.
    """
    check_readable(path, remedy)
    try:
        # Without threads: they abort the process at its end after some kinds of damage.
        with pq.ParquetFile(path, page_checksum_verification=True, pre_buffer=False) as file:
            table = file.read(use_threads=False)
        table.validate(full=True)
    except Exception as error:  # of Arrow's, of UTF-8, of memory: a damaged footer holds anything
        first_line = str(error).partition("\n")[0]
        raise UserError(f"{path}: is damaged ({first_line}); delete it and {remedy}") from None
    found = {key: (table.schema.metadata or {}).get(key, b"none") for key in table_schema.metadata}
    if found != table_schema.metadata:
        raise UserError(
            f"{path}: has schema {_title(found)}, this wganbench reads "
            f"{_title(table_schema.metadata)}; {remedy}"
        )
    if run and table.schema.metadata.get(RUN, run.encode()) != run.encode():
        raise UserError(f"{path}: is another run's file; {remedy}")
    if not _fits(table.schema, table_schema, others):
        raise UserError(f"{path}: has other columns than this wganbench writes; {remedy}")
    for field in table_schema:
        if field.name not in table.column_names:
            table = table.append_column(field, pa.nulls(len(table), field.type))
    more = [name for name in table.column_names if name not in table_schema.names]
    return table.select([*table_schema.names, *more])


def _fits(found: pa.Schema, wanted: pa.Schema, others: pa.DataType | None) -> bool:
    """Whether a file's columns can be read: absent ones may be null, unknown ones are `others`."""
    names = found.names
    absent = [field for field in wanted if field.name not in names]
    known = [field for field in wanted if field.name in names]
    unknown = [field for field in found if field.name not in wanted.names]
    return (
        len(set(names)) == len(names)
        and all(field.nullable for field in absent)
        and all(found.field(field.name).equals(field) for field in known)
        and all(field.type == others for field in unknown)
    )


def _title(metadata: Mapping[bytes, bytes]) -> str:
    words = b" ".join((metadata[b"schema"], b"version", metadata[b"schema_version"]))
    return words.decode(errors="backslashreplace")
