"""Files appear complete or not at all; tables are ours, of this version, or refused."""

import hashlib
import resource
from contextlib import suppress

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from wganbench.errors import UserError
from wganbench.files import sha256_of, written_atomically
from wganbench.records.tables import read_table, schema, source_of, write_table

FIELDS = [pa.field("seed", pa.int64(), nullable=False), pa.field("value", pa.float64())]
OURS = schema("example", 2, FIELDS)
ROWS = [{"seed": 0, "value": 0.5}, {"seed": 1, "value": None}]


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_a_file_appears_with_its_folder_when_its_block_succeeds(tmp_path):
    path = tmp_path / "a" / "b" / "file.txt"
    with written_atomically(path) as temporary:
        temporary.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert names(path.parent) == {"file.txt"}


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_file_is_as_it_was_when_its_block_fails(tmp_path, failure):
    path = tmp_path / "file.txt"
    path.write_text("old")
    with pytest.raises(failure), written_atomically(path) as temporary:  # noqa: PT012
        temporary.write_text("half of the n")
        raise failure
    assert path.read_text() == "old"
    assert names(tmp_path) == {"file.txt"}


@pytest.mark.parametrize("size", [0, 1, 2**20 - 1, 2**20, 2**20 + 1])
def test_a_digest_is_that_of_all_bytes(tmp_path, size):
    content = bytes(range(256)) * (size // 256 + 1)
    path = tmp_path / "file"
    path.write_bytes(content[:size])
    assert sha256_of(path) == hashlib.sha256(content[:size]).hexdigest()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_a_users_mistake_is_one_printable_line(message):
    assert str(UserError(f"file: {message}")).isprintable()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text("abc:' é-"))
def test_a_message_that_is_one_line_stays_as_it_is(message):
    assert str(UserError(message)) == " ".join(message.split())


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


@pytest.mark.parametrize("write", [
    lambda path: path.write_bytes(bytes(1000)),
    lambda path: np.savez(path.open("wb"), a=np.zeros(1000)),
    lambda path: save_file({"a": np.zeros(1000)}, path),
    lambda path: pq.write_table(pa.table({"a": np.random.default_rng(0).random(1000)}), path),
])  # fmt: skip
def test_a_disk_that_fills_up_is_told_with_the_files_own_name(tmp_path, write):
    path = tmp_path / "file"
    path.write_text("old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with (
            pytest.raises(UserError, match=rf"^{path}: cannot be written \(.*too large"),
            written_atomically(path) as temporary,
        ):
            write(temporary)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_text() == "old"
    assert names(tmp_path) == {"file"}


def test_an_error_of_another_file_keeps_its_own_name(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"), written_atomically(tmp_path / "file"):
        (tmp_path / "nowhere").read_text()


@pytest.mark.parametrize("length", [3999, 4000, 4001, 100_000])
def test_a_mistake_is_no_longer_than_somebody_reads_and_ends_with_the_remedy(length):
    message = str(UserError("x" * (length - 10) + "; mend it."))
    assert len(message) <= 4010
    assert message.endswith("; mend it.")
    assert ("[...]" in message) == (length > 4000)


OTHERS = {
    "another version": schema("example", 1, FIELDS),
    "another table": schema("other", 2, FIELDS),
    "a column more": schema("example", 2, [*FIELDS, pa.field("more", pa.int64())]),
    "a column less": schema("example", 2, FIELDS[:1]),
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
