"""Image sets made from small raw files in their published layouts."""

import gzip
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError
from raw_files import (
    RAW,
    encoded,
    pixels,
    smooth,
    write_celeba,
    write_cifar10,
    write_folder,
    write_idx_set,
    write_lsun,
)

from wganbench.data.celeba import CelebA
from wganbench.data.cifar10 import CIFAR10
from wganbench.data.image_folder import ImageFolder
from wganbench.data.lsun import LSUNBedrooms
from wganbench.data.mnist import MNIST, FashionMNIST
from wganbench.data.store import DATA_SEED, write_data
from wganbench.errors import UserError
from wganbench.records.data import read_data

FLOWERS = ImageFolder(folder="flowers")
WRITERS = {
    MNIST(): lambda: write_idx_set(RAW / "mnist"),
    FashionMNIST(): lambda: write_idx_set(RAW / "fashion-mnist"),
    CIFAR10(): write_cifar10,
    CelebA(): write_celeba,
    LSUNBedrooms(): write_lsun,
    FLOWERS: write_folder,
}
COUNTS = {  # training and held-out images that these writers make
    "mnist": (30, 20), "fashion-mnist": (30, 20), "cifar10": (30, 6), "celeba": (16, 7),
    "lsun-bedrooms": (32, 8), "image-folder": (16, 4),
}  # fmt: skip
each_set = pytest.mark.parametrize("data", WRITERS, ids=lambda data: data.name)


@pytest.fixture(autouse=True)
def _project(tmp_path, monkeypatch):
    """Work in an empty project folder on a machine where no set is installed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(FashionMNIST, "installed", ())


def made(data):
    """Write a set from its raw files and read it again."""
    write_data(data)
    return read_data(data)


def columns(data):
    return data.generate(np.random.default_rng(DATA_SEED))


@each_set
@pytest.mark.parametrize("size", [16, 32, 64])
def test_a_set_has_square_8_bit_images_of_the_size_asked_for(data, size):
    WRITERS[data]()
    data = data.model_copy(update={"size": size})
    found = made(data)
    assert data.shape == (data.shape[0], size, size)
    for part, count in zip((found.train, found.heldout), COUNTS[data.name], strict=True):
        assert part.dtype == np.uint8
        assert part.shape == (count, *data.shape)
        assert part.min() < 100 < 150 < part.max()
    assert found.train_model is found.heldout_model is None


@each_set
def test_parts_share_no_image_and_are_the_same_every_time(data):
    WRITERS[data]()
    paths = [write_data(data, Path(name)) for name in ("one", "two")]
    for suffix in (".npz", ".json"):
        one, two = (path.with_suffix(suffix).read_bytes() for path in paths)
        assert one == two
    found = read_data(data, Path("one"))
    train, heldout = ({image.tobytes() for image in p} for p in (found.train, found.heldout))
    assert (len(train), len(heldout)) == COUNTS[data.name]
    assert not train & heldout


@each_set
def test_what_is_streamed_into_the_file_is_what_is_decoded(data):
    WRITERS[data]()
    decoded, read = columns(data), made(data)
    with np.load(f"data/{data.id}.npz") as loaded:
        for name in ("train", "heldout", "labels", "heldout_labels"):
            expected = getattr(decoded, name)
            assert (expected is None) == (name not in loaded)
            if expected is not None:
                np.testing.assert_array_equal(loaded[name], expected)
                np.testing.assert_array_equal(getattr(read, name), expected)
    assert not read.train.flags.owndata
    assert not read.train.flags.writeable


@each_set
def test_the_manifest_tells_set_settings_source_shapes_and_digest(data):
    WRITERS[data]()
    path = write_data(data)
    manifest = json.loads(path.with_suffix(".json").read_text())
    assert manifest["settings"] == data.identity()
    assert manifest["kind"] == "images"
    assert manifest["source"] == data.source
    assert manifest["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert manifest["shapes"]["train"] == [COUNTS[data.name][0], *data.shape]
    assert manifest["shapes"]["heldout"] == [COUNTS[data.name][1], *data.shape]


@each_set
def test_a_missing_set_is_one_line_that_says_what_to_put_where(data):
    for action in (lambda: write_data(data), lambda: columns(data)):
        with pytest.raises(UserError) as raised:
            action()
        said = str(raised.value)
        folder = RAW / (data.folder if data == FLOWERS else data.name)
        assert said.startswith(f"{folder}")
        assert "is missing; " in said
        assert "\n" not in said
        assert said.count(str(folder)) >= 1 + (data != FLOWERS)
    assert not list(Path().rglob("*.npz"))
    assert data.missing() == said
    assert all(str(path).startswith(str(folder)) for path in data.raw_files())
    WRITERS[data]()
    assert data.missing() == ""
    assert all(path.exists() for path in data.raw_files())


@each_set
def test_raw_files_may_be_a_link_to_another_disk(data):
    WRITERS[data]()
    shutil.move(RAW, "elsewhere")
    RAW.mkdir()
    for path in Path("elsewhere").iterdir():
        (RAW / path.name).symlink_to(path.resolve())
    assert len(made(data).train) == COUNTS[data.name][0]


@pytest.mark.parametrize("size", [8, 24, 0, -32, 2048])
def test_a_size_that_is_no_power_of_two_from_16_is_refused(size):
    with pytest.raises(ValidationError):
        CIFAR10(size=size)


def cut(path, to=0.5):
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * to)])


def text(path):
    path.write_bytes(b"not an image")


def empty(path):
    path.write_bytes(b"")


def other_label(path):
    path.write_bytes(b"\x0b" + path.read_bytes()[1:])


def other_size(path):
    smooth(0, 64, 64).save(path)


def of_28_by_29(path):
    header = b"\0\0\x08\x03" + b"".join(n.to_bytes(4, "big") for n in (2, 28, 29))
    path.write_bytes(gzip.compress(header + pixels(0, 2, 28, 29).tobytes()))


def one_label(path):
    path.write_bytes(gzip.compress(b"\0\0\x08\x01\0\0\0\x01\x07"))


def not_a_list(path):
    path.write_text("000001.jpg 0\n../../x.jpg 0\n")


def all_training(path):
    path.write_text("000001.jpg 0\n")


def lists_an_absent_image(path):
    path.write_text("000001.jpg 0\n000002.jpg 2\n000999.jpg 0\n")


MN, CI, CE = (RAW / name for name in ("mnist", "cifar10/cifar-10-batches-bin", "celeba"))
DAMAGE = [
    (MNIST(), MN / "train-images-idx3-ubyte.gz", cut), (MNIST(), MN / "train-images-idx3-ubyte.gz",
    of_28_by_29), (MNIST(), MN / "t10k-labels-idx1-ubyte.gz", text),
    (MNIST(), MN / "t10k-labels-idx1-ubyte.gz", one_label),
    (CIFAR10(), CI / "data_batch_3.bin", cut), (CIFAR10(), CI / "test_batch.bin", empty),
    (CIFAR10(), CI / "test_batch.bin", other_label),
    (CelebA(), CE / "img_align_celeba/000006.jpg", cut),
    (CelebA(), CE / "img_align_celeba/000002.jpg", text),
    (CelebA(), CE / "img_align_celeba/000002.jpg", other_size),
    (CelebA(), CE / "list_eval_partition.txt", not_a_list),
    (CelebA(), CE / "list_eval_partition.txt", all_training),
    (LSUNBedrooms(), RAW / "lsun-bedrooms/bedroom_train_lmdb/data.mdb", cut),
    (FLOWERS, RAW / "flowers/group 1/007.jpg", cut),
    (FLOWERS, RAW / "flowers/group 1/007.jpg", text),
    (FLOWERS, RAW / "flowers/group 2/008.jpg", empty),
]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "path", "damage"), DAMAGE, ids=lambda case: getattr(case, "__name__", None)
)
def test_a_damaged_raw_file_is_named_and_nothing_is_written(data, path, damage):
    WRITERS[data]()
    damage(path)
    with pytest.raises(UserError) as raised:
        write_data(data)
    assert str(raised.value).startswith(f"{path}: ")
    assert "\n" not in str(raised.value)
    assert not any(Path("data").glob("*"))


def test_an_image_that_is_listed_but_absent_is_named():
    write_celeba()
    lists_an_absent_image(CE / "list_eval_partition.txt")
    with pytest.raises(UserError, match=r"celeba/img_align_celeba/000999\.jpg: is missing"):
        write_data(CelebA())


def test_a_damaged_image_in_a_database_is_named_by_its_key():
    import lmdb

    database = write_lsun(6)
    environment = lmdb.open(str(database), map_size=1 << 28)
    with environment, environment.begin(write=True) as transaction:
        transaction.put(b"f" * 40, encoded(smooth(0, 80, 80), "JPEG")[:300])
    with pytest.raises(UserError, match=rf"data\.mdb: key {'f' * 40}: cannot be read as an"):
        write_data(LSUNBedrooms())


def test_an_empty_folder_is_refused():
    (RAW / "flowers").mkdir(parents=True)
    with pytest.raises(UserError, match=r"^raw/flowers: holds 0 images"):
        write_data(FLOWERS)


def test_a_disk_that_is_too_full_is_told_before_anything_is_decoded(monkeypatch):
    write_folder()
    usage = shutil.disk_usage(".")
    monkeypatch.setattr("wganbench.records.data.disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(UserError, match=r"^data/image-folder-.*npz: needs .* GB, .* are free"):
        write_data(FLOWERS)
