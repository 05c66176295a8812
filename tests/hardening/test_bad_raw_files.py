"""Raw files of the worst kinds: each is named in one line, and no data file is begun."""

import gzip
import os
import struct
import subprocess
import sys
import tracemalloc
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from raw_files import RAW, encoded, idx, pixels, smooth, write_celeba, write_folder, write_idx_set

from hardening.cases import cases
from wganbench.data.celeba import CelebA
from wganbench.data.cifar10 import CIFAR10
from wganbench.data.image_folder import ImageFolder
from wganbench.data.mnist import MNIST
from wganbench.data.raw.idx import read_idx
from wganbench.data.raw.pixels import FORMATS, read_image
from wganbench.data.store import write_data
from wganbench.errors import UserError

pytestmark = pytest.mark.hardening
FLOWERS = ImageFolder(folder="flowers", size=16)


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def refusal(data) -> str:
    """Return what is said instead of writing a data set; nothing may be left."""
    with warnings.catch_warnings(action="error"), pytest.raises(UserError) as raised:
        write_data(data)
    assert not list(Path("data").rglob("*"))
    assert str(raised.value).isprintable()
    return str(raised.value)


def answer(read):
    """Return what a reader returns, or the text of its refusal."""
    try:
        return read()
    except UserError as error:
        return str(error)


def png(columns: int, rows: int) -> bytes:
    """Return a small file that says it is a large image of one colour."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checksum

    header = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n(x) (w) file\n"
BAD_IMAGES = {
    "nothing": b"",
    "text": b"a text\n",
    "a web page": b"<html><script>alert(1)</script></html>",
    "a program for a printer": POSTSCRIPT,
    "half a JPEG": encoded(smooth(0, 80, 80), "JPEG")[:400],
    "a head without a body": encoded(smooth(0, 80, 80), "PNG")[:33],
    "a bomb": png(60_000, 60_000),
    "just too large": png(10_001, 10_000),
    "no pixels": png(0, 5),
    "another format": encoded(smooth(0, 30, 30), "GIF"),
    "numbers without a scale": encoded(Image.fromarray(np.ones((20, 20), np.float32)), "TIFF"),
}


@pytest.mark.parametrize("kind", BAD_IMAGES)
def test_a_bad_image_is_named(kind):
    write_folder()
    path = RAW / "flowers" / "group 1" / "bad.png"
    path.write_bytes(BAD_IMAGES[kind])
    tracemalloc.start()
    assert refusal(FLOWERS).startswith(f"{path}: cannot be read as an image (")
    assert tracemalloc.get_traced_memory()[1] < 50e6
    tracemalloc.stop()


@pytest.mark.parametrize("kind", ["pipe", "loop", "dead link", "terminal", "no end"])
def test_what_only_looks_like_an_image_is_named_and_not_waited_for(kind):
    path = write_folder() / "odd.png"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        targets = {"loop": path.name, "dead link": "nowhere", "terminal": "/dev/tty"}
        path.symlink_to(targets.get(kind, "/dev/zero"))
    assert refusal(FLOWERS).startswith((f"{path}: is ", f"{path}: cannot be read"))


@pytest.mark.parametrize("name", ["a b.png", "a\nb.png", "-rf.png", "$(touch x).png", "\udcff.png"])
def test_images_with_odd_names_are_read_and_named_in_one_line(name):
    path = write_folder() / name
    smooth(3, 40, 40).save(Path("good.png"))
    Path("good.png").rename(path)
    with np.load(write_data(FLOWERS)) as arrays:
        assert len(arrays["train"]) + len(arrays["heldout"]) == 21
    for made in Path("data").iterdir():
        made.unlink()
    path.write_bytes(b"not an image")
    assert "cannot be read as an image" in refusal(FLOWERS)


IMAGES = {kind: encoded(smooth(1, 40, 30), kind) for kind in FORMATS}


@cases(0.5)
@given(kind=st.sampled_from(FORMATS), data=st.data())
def test_a_changed_image_is_read_or_refused(kind, data):
    content = bytearray(IMAGES[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with warnings.catch_warnings(action="error"):
        found = answer(lambda: read_image(bytes(content), "it", 3))
    if isinstance(found, str):
        assert found.startswith("it: cannot be read as an image (")
    else:
        assert found.mode == "RGB"


def test_a_small_compressed_file_does_not_fill_the_memory():
    write_idx_set(RAW / "mnist")
    path = RAW / "mnist/train-images-idx3-ubyte.gz"
    header = idx(pixels(0, 30, 28, 28))[:16]
    path.write_bytes(gzip.compress(header + bytes(300_000_000), 9))
    tracemalloc.start()
    assert refusal(MNIST()) == f"{path}: holds more bytes, its header says 23520; replace it"
    assert tracemalloc.get_traced_memory()[1] < 20e6
    tracemalloc.stop()


def test_a_header_that_promises_too_much_is_refused():
    path = Path("huge")
    path.write_bytes(struct.pack(">HBB3I", 0, 8, 3, *(2**32 - 1,) * 3))
    with pytest.raises(
        UserError, match=r"^huge: says that it holds 79228162458924105385300197375 "
    ):
        read_idx(path, 3)


@cases(0.5)
@given(data=st.data())
def test_a_changed_idx_file_is_read_or_refused(data):
    good = gzip.compress(idx(pixels(0, 4, 5, 6)), mtime=0)
    content = bytearray(good)
    content[data.draw(st.integers(0, len(good) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path = Path("x.gz")
    path.write_bytes(content[: data.draw(st.integers(0, len(good)) | st.just(len(good)))])
    found = answer(lambda: read_idx(path, 3))
    if isinstance(found, str):
        assert found.startswith("x.gz: ")
        assert found.endswith("; replace it")
    else:  # gzip's checksum covers all but its own header
        np.testing.assert_array_equal(found, pixels(0, 4, 5, 6))


def test_a_label_that_no_class_has_is_named():
    write_idx_set(RAW / "mnist")
    path = RAW / "mnist/t10k-labels-idx1-ubyte.gz"
    path.write_bytes(gzip.compress(idx(np.full(20, 10, np.uint8))))
    assert refusal(MNIST()) == f"{path}: has a label above 9; replace it"


PIPES = {
    MNIST(): RAW / "mnist/train-images-idx3-ubyte.gz",
    CelebA(): RAW / "celeba/list_eval_partition.txt",
    CIFAR10(): RAW / "cifar10/cifar-10-batches-bin/data_batch_1.bin",
}


@pytest.mark.parametrize("data", PIPES, ids=lambda data: data.name)
def test_a_pipe_in_place_of_a_raw_file_is_not_waited_for(data):
    from raw_files import write_cifar10

    {"mnist": lambda: write_idx_set(RAW / "mnist"), "celeba": write_celeba,
     "cifar10": write_cifar10}[data.name]()  # fmt: skip
    path = PIPES[data]
    path.unlink()
    os.mkfifo(path)
    assert refusal(data).startswith(f"{path}: ")


READ_DATABASE = """
import sys
from wganbench.cli import main
sys.argv = ["wganbench", "data", "lsun-bedrooms-size16"]
main()
"""


@cases(0.03)
@given(data=st.data())
def test_a_changed_database_leaves_no_half_of_a_file(tmp_path, data):
    """LMDB checks nothing and may end the process; what was written by then is no data file."""
    import shutil

    from experiment_files import example, write
    from raw_files import write_lsun

    shutil.rmtree(RAW, ignore_errors=True)
    shutil.rmtree("experiments", ignore_errors=True)
    file = write_lsun(8) / "data.mdb"
    Path("experiments").mkdir()
    Path("params.yaml").write_text("scale: smoke\n")
    nets = {"generator.name": "dcgan", "critic.name": "dcgan"}
    sizes = {"data.name": "lsun-bedrooms", "data.size": 16}
    write(Path("experiments"), example(base=nets | sizes))
    content = bytearray(file.read_bytes())
    for _ in range(20):
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    file.write_bytes(content)
    done = subprocess.run([sys.executable, "-c", READ_DATABASE], capture_output=True, text=True)
    assert done.returncode in (0, 2, -6, -7, -11), done.stderr
    assert "Traceback" not in done.stderr
    names = {path.name for path in Path("data").glob("[!.]*")}
    assert (names == set()) == (done.returncode != 0)
    shutil.rmtree("data", ignore_errors=True)
