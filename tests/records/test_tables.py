"""Tables are ours, of this version and whole, or refused; a younger column is read as null."""

from contextlib import suppress

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wganbench.errors import UserError
from wganbench.records.tables import code_of, read_table, schema, source_of, write_table

FIELDS = [pa.field("seed", pa.int64(), nullable=False), pa.field("value", pa.float64())]
OURS = schema("example", 2, FIELDS)
ROWS = [{"seed": 0, "value": 0.5}, {"seed": 1, "value": None}]


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_rows_that_are_written_are_read(tmp_path):
    path = tmp_path / "a=1" / "table.parquet"
    write_table(iter(ROWS), OURS, path)
    assert read_table(path, OURS, "").to_pylist() == ROWS
    assert names(path.parent) == {"table.parquet"}


def test_no_rows_are_a_table_too(tmp_path):
    write_table([], OURS, tmp_path / "table.parquet")
    assert read_table(tmp_path / "table.parquet", OURS, "").num_rows == 0


def test_a_row_that_does_not_fit_the_schema_leaves_no_file(tmp_path):
    with pytest.raises(pa.ArrowException):
        write_table([{"seed": "zero", "value": 1.0}], OURS, tmp_path / "table.parquet")
    assert not names(tmp_path)


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def rows_or_none(path):
    """Return the rows, or nothing where the table is refused."""
    with suppress(UserError):
        return read_table(path, OURS, "make it again").to_pylist()


def test_no_flipped_bit_of_a_table_becomes_another_number(tmp_path):
    path = tmp_path / "table.parquet"
    rows = [{"seed": k, "value": float(k)} for k in range(500)]
    write_table(rows, OURS, path)
    good = path.read_bytes()
    silent = 0  # where the checksums are not looked at
    for place in range(0, len(good), 23):
        path.write_bytes(flipped(good, place))
        assert rows_or_none(path) in (None, rows)
        with suppress(Exception):
            found = pq.read_table(path, use_threads=False)
            silent += found.column_names == OURS.names and found.to_pylist() != rows
    assert silent > 50


def test_a_damaged_name_in_a_tables_footer_is_refused(tmp_path):
    """Arrow answers half of a character in a column's name with a UnicodeDecodeError."""
    path = tmp_path / "table.parquet"
    write_table(ROWS, OURS, path)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"value", b"v\xe9lue"))
    with pytest.raises(UserError, match=r"table\.parquet: (is damaged|has other columns)"):
        read_table(path, OURS, "make it again")


def test_a_table_of_another_run_is_refused(tmp_path):
    path = tmp_path / "table.parquet"
    write_table(ROWS, OURS, path, run="abc", source="def")
    assert source_of(read_table(path, OURS, "make it again", "abc")) == "def"
    with pytest.raises(UserError, match=r"table\.parquet: is another run's file; make it again"):
        read_table(path, OURS, "make it again", "abd")
    write_table(ROWS, OURS, path)  # as before tables told whose they are
    assert read_table(path, OURS, "", "abc").to_pylist() == ROWS


OTHERS = {
    "another version": schema("example", 1, FIELDS),
    "another table": schema("other", 2, FIELDS),
    "a column more": schema("example", 2, [*FIELDS, pa.field("more", pa.int64())]),
    "a column less that is never null": schema("example", 2, FIELDS[1:]),
    "a column that may be null and must not": schema("example", 2, [pa.field("seed", pa.int64())]),
    "another type": schema("example", 2, [FIELDS[0], pa.field("value", pa.string())]),
    "nobody's": pa.schema(FIELDS),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_a_table_of_another_kind_is_refused_with_the_remedy(tmp_path, other):
    path = tmp_path / "table.parquet"
    pq.write_table(pa.Table.from_pylist([], schema=other), path)
    with pytest.raises(UserError) as raised:
        read_table(path, OURS, "make it again")
    assert str(raised.value).startswith(f"{path}: has ")
    assert str(raised.value).endswith("make it again")


def missing(path):
    path.unlink()


def empty(path):
    path.write_bytes(b"")


def truncated(path):
    path.write_bytes(path.read_bytes()[:-10])


def foreign(path):
    path.write_text("seed,value\n0,1\n")


def folder(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [missing, empty, truncated, foreign, folder])
def test_a_damaged_table_is_refused_with_the_remedy(tmp_path, damage):
    path = tmp_path / "table.parquet"
    write_table(ROWS, OURS, path)
    damage(path)
    with pytest.raises(UserError) as raised:
        read_table(path, OURS, "make it again")
    assert str(raised.value).startswith(f"{path}: is ")
    assert str(raised.value).endswith("make it again")


def test_a_column_that_is_younger_than_the_file_is_read_as_null(tmp_path):
    path = tmp_path / "table.parquet"
    write_table(ROWS, OURS, path, code="abc")
    young = [FIELDS[0], pa.field("younger", pa.bool_()), FIELDS[1], pa.field("more", pa.string())]
    found = read_table(path, schema("example", 2, young), "make it again")
    assert found.schema.equals(pa.schema(young))
    assert found.to_pylist() == [{**row, "younger": None, "more": None} for row in ROWS]
    assert code_of(found) == "abc"


def test_columns_of_ones_own_are_read_where_they_are_allowed_and_of_their_type(tmp_path):
    path = tmp_path / "table.parquet"
    own = [pa.field("own", pa.float32()), *FIELDS]
    write_table([{**row, "own": 1.5} for row in ROWS], schema("example", 2, own), path)
    found = read_table(path, OURS, "", others=pa.float32())
    assert found.to_pylist() == [{**row, "own": 1.5} for row in ROWS]
    assert found.column_names == ["seed", "value", "own"]  # ours first, whatever the file's order
    for others in (None, pa.float64()):
        with pytest.raises(UserError, match="has other columns than this wganbench writes"):
            read_table(path, OURS, "make it again", others=others)
