"""Arrays are what was written, or their file is refused."""

import io
from zipfile import ZipFile

import numpy as np
import pytest

from wganbench.errors import UserError
from wganbench.records.array_files import read_arrays
from wganbench.records.samples import Samples, read_samples, write_samples

ARRAYS = {"a": np.arange(50.0).reshape(25, 2), "b": np.array([True, False])}


def written(path, arrays=ARRAYS):
    np.savez(path, **arrays)
    return path


def test_arrays_that_are_written_are_read(tmp_path):
    found = read_arrays(written(tmp_path / "x.npz"), "make it again")
    assert found.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found[name], array)


def test_a_header_that_says_too_little_does_not_hide_the_rest(tmp_path):
    """numpy would return the first rows: it never comes to where the checksum stands."""
    path = written(tmp_path / "x.npz", {"a": np.zeros((100_000, 2))})
    path.write_bytes(path.read_bytes().replace(b"(100000, 2)", b"(10000 , 2)"))
    with np.load(path) as arrays:
        assert arrays["a"].shape == (10_000, 2)
    with pytest.raises(UserError, match=r"x\.npz: is damaged \(.*make it again$"):
        read_arrays(path, "make it again")


def with_flag(content: bytes, offset: int, value: int) -> bytes:
    """Change a byte of the archive's directory, behind the first of its signatures."""
    place = content.index(b"PK\x01\x02") + offset
    return content[:place] + bytes([value]) + content[place + 1 :]


PICKLED = io.BytesIO()
np.save(PICKLED, np.array([{}], dtype=object), allow_pickle=True)


def test_an_encrypted_or_oddly_compressed_archive_is_refused(tmp_path):
    path = written(tmp_path / "x.npz")
    good = path.read_bytes()
    for offset, value in ((8, 1), (10, 99)):  # APPNOTE.TXT 4.3.12: flags, compression
        path.write_bytes(with_flag(good, offset, value))
        with pytest.raises(UserError, match=r"x\.npz: is damaged \("):
            read_arrays(path, "make it again")


def test_a_pickle_is_refused_and_not_read(tmp_path):
    path = tmp_path / "x.npz"
    with ZipFile(path, "w") as archive:
        archive.writestr("a.npy", PICKLED.getvalue())
    with pytest.raises(UserError, match=r"x\.npz: is damaged \(Object arrays cannot be loaded"):
        read_arrays(path, "make it again")


def samples(**changes) -> Samples:
    s, e, n = 2, 3, 4
    content = {
        "seeds": np.arange(s),
        "iterations": np.arange(1, e + 1),
        "valid": np.ones((s, e), bool),
        "generated": np.zeros((s, e, n, 2), np.float32),
        "real": np.zeros((n, 2), np.float32),
        "critic_generated": np.zeros((s, e, n), np.float32),
        "critic_real": np.zeros((s, e, n), np.float32),
        "gradient_norms": np.zeros((s, e, 3, n), np.float32),
        "layer_gradient_norm": np.zeros((s, e, 5), np.float32),
        "grid_points": np.zeros((6, 2), np.float32),
        "grid_values": np.zeros((s, e, 6), np.float32),
        "grid_gradient_norm": np.zeros((s, e, 6), np.float32),
    }
    return Samples(**content | changes)


MISFITS = {
    "a seed more": {"seeds": np.arange(3)},
    "an evaluation less": {"iterations": np.arange(2)},
    "another dimension": {"real": np.zeros((4, 3), np.float32)},
    "numbers for truths": {"valid": np.ones((2, 3))},
    "texts": {"critic_real": np.zeros((2, 3, 4), "U3")},
    "layers at the end only": {"layer_gradient_norm": np.zeros((2, 5), np.float32)},
    "a grid at fewer evaluations": {"grid_values": np.zeros((2, 2, 6), np.float32)},
    "one number": {"generated": np.float32(1)},
}


@pytest.mark.parametrize("case", MISFITS)
def test_samples_that_do_not_fit_together_are_refused(tmp_path, case):
    path = tmp_path / "samples.npz"
    write_samples(samples(), path)
    assert read_samples(path).seeds.tolist() == [0, 1]
    write_samples(samples(**MISFITS[case]), path)
    with pytest.raises(UserError, match=r"samples\.npz: is damaged \(.*train the run again$"):
        read_samples(path)
