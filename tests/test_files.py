"""Files appear complete or not at all, and a mistake is one line."""

import hashlib
import resource

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from wganbench.errors import UserError
from wganbench.files import sha256_of, written_atomically


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
