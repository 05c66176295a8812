"""Each image set against its published layout, torchvision and the papers' preprocessing."""

import hashlib
import shutil
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from PIL import Image
from pydantic import ValidationError
from raw_files import RAW, write_celeba, write_cifar10, write_folder, write_idx_set, write_lsun
from torchvision.transforms import functional

from wganbench.data.celeba import CelebA
from wganbench.data.cifar10 import CIFAR10
from wganbench.data.image_folder import ImageFolder
from wganbench.data.lsun import LSUNBedrooms
from wganbench.data.mnist import FILES, MNIST, FashionMNIST
from wganbench.data.raw_images import split
from wganbench.data.store import write_data
from wganbench.errors import UserError
from wganbench.files import sha256_of
from wganbench.records.data import read_data

FLOWERS = ImageFolder(folder="flowers")
DEBIAN = FashionMNIST.installed


@pytest.fixture(autouse=True)
def _project(tmp_path, monkeypatch):
    """Work in an empty project folder on a machine where no set is installed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(FashionMNIST, "installed", ())


def made(data):
    """Write a set from its raw files and read it again."""
    write_data(data)
    return read_data(data)


IDX_SETS = [MNIST(), FashionMNIST()]


@pytest.mark.parametrize("data", IDX_SETS, ids=lambda data: data.name)
@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("torchvisions", [True, False])
def test_mnists_files_are_found_as_people_and_torchvision_keep_them(data, compressed, torchvisions):
    folder = RAW / data.name / (f"{data.torchvision}/raw" if torchvisions else "")
    parts = write_idx_set(folder, compressed=compressed)
    found = made(data)
    np.testing.assert_array_equal(found.train[:, 0, 2:30, 2:30], parts["train"][0])
    np.testing.assert_array_equal(found.labels, parts["train"][1])
    # The test set is in another order, with its labels.
    published = {image.tobytes(): label for image, label in zip(*parts["t10k"], strict=True)}
    cropped = found.heldout[:, 0, 2:30, 2:30]
    shuffled = {image.tobytes(): k for image, k in zip(cropped, found.heldout_labels, strict=True)}
    assert shuffled == published
    assert list(shuffled) != list(published)
    border = found.train.copy()
    border[:, :, 2:30, 2:30] = 0
    assert not border.any()


def test_fashion_mnist_is_found_where_a_package_installed_it(monkeypatch):
    monkeypatch.setattr(FashionMNIST, "installed", (Path("usr/share"),))
    write_idx_set(Path("usr/share"))
    assert len(made(FashionMNIST()).train) == 30
    # The user's own copy comes first, and a file that lacks of it is named.
    write_idx_set(RAW / "fashion-mnist", train=10)
    assert len(made(FashionMNIST()).train) == 10
    shutil.rmtree("usr")
    (RAW / "fashion-mnist/t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(UserError, match=r"^raw/fashion-mnist/t10k-labels-idx1-ubyte\.gz: is m"):
        write_data(FashionMNIST())


@pytest.mark.skipif(not DEBIAN[0].exists(), reason="Debian's dataset-fashion-mnist is not here")
def test_the_real_fashion_mnist_is_read_whole(monkeypatch):
    monkeypatch.setattr(FashionMNIST, "installed", DEBIAN)
    found = made(FashionMNIST())
    assert (found.train.shape, found.heldout.shape) == ((60_000, 1, 32, 32), (10_000, 1, 32, 32))
    assert list(np.bincount(found.labels)) == [6000] * 10
    assert list(np.bincount(found.heldout_labels)) == [1000] * 10
    assert found.labels[0] == 9  # an ankle boot
    # The published mean and standard deviation, over 28x28 pixels.
    inner = found.train[:, 0, 2:30, 2:30]
    assert inner.mean() / 255 == pytest.approx(0.2860, abs=5e-5)
    assert inner.std() / 255 == pytest.approx(0.3530, abs=5e-5)


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """A folder and the address at which this machine serves it."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    folder = tmp_path / "mirror"
    folder.mkdir()
    handler = partial(SimpleHTTPRequestHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.parametrize("data", IDX_SETS, ids=lambda data: data.name)
def test_a_download_happens_on_request_only_and_by_torchvision(data, monkeypatch, mirror):
    import torchvision

    source, address = mirror
    write_idx_set(source)
    files = {path.name: hashlib.md5(path.read_bytes()).hexdigest() for path in source.iterdir()}
    fetched = getattr(torchvision.datasets, data.torchvision)
    assert {name for name, _ in fetched.resources} == set(files)
    monkeypatch.setattr(fetched, "mirrors", [address])
    monkeypatch.setattr(fetched, "resources", list(files.items()))
    digests = tuple(sha256_of(source / f"{name}.gz") for name in FILES)
    monkeypatch.setattr(type(data), "published", digests)
    with pytest.raises(UserError, match="--download"):
        write_data(data)
    data.download()
    assert len(made(data).train) == 30
    shutil.rmtree(source)
    data.download()  # everything is there
    shutil.rmtree(RAW / data.name)
    with pytest.raises(UserError, match=f"{data.name}: the download failed"):
        data.download()


@pytest.mark.parametrize("data", [MNIST(), FashionMNIST()], ids=lambda d: d.name)
def test_a_download_of_other_bytes_is_refused_and_removed(data, monkeypatch, mirror):
    """The mirror's files have the MD5 that torchvision looks for, but are not the published."""
    import torchvision

    source, address = mirror
    write_idx_set(source)
    files = {path.name: hashlib.md5(path.read_bytes()).hexdigest() for path in source.iterdir()}
    fetched = getattr(torchvision.datasets, data.torchvision)
    monkeypatch.setattr(fetched, "mirrors", [address])
    monkeypatch.setattr(fetched, "resources", list(files.items()))
    with pytest.raises(UserError, match=r"idx3-ubyte\.gz: is not the published file"):
        data.download()
    assert data.missing()
    assert not [path for path in (RAW / data.name).rglob("*") if path.is_file()]


@pytest.mark.parametrize("data", [CIFAR10(), LSUNBedrooms(), FLOWERS], ids=lambda d: d.name)
def test_a_set_without_a_download_says_what_to_put_where_instead(data):
    with pytest.raises(UserError, match=r"--download: data set .* has none; raw/"):
        data.download()


def test_cifar10_is_the_binary_versions_pixels_channels_first():
    images, labels = write_cifar10()
    found = made(CIFAR10())
    np.testing.assert_array_equal(found.train, images[:5].reshape(-1, 3, 32, 32))
    np.testing.assert_array_equal(found.labels, labels[:5].reshape(-1))
    expected = {image.tobytes(): label for image, label in zip(images[5], labels[5], strict=True)}
    pairs = zip(found.heldout, found.heldout_labels, strict=True)
    assert {image.tobytes(): label for image, label in pairs} == expected


def test_cifar10_at_another_size_is_resized_as_torchvision_does_it():
    images, _ = write_cifar10()
    found = made(CIFAR10(size=64))
    for image, ours in zip(images[0], found.train, strict=False):
        resized = functional.resize(Image.fromarray(image.transpose(1, 2, 0)), 64)
        np.testing.assert_array_equal(ours, np.asarray(resized).transpose(2, 0, 1))


def test_celeba_is_the_centre_of_the_faces_of_the_official_parts():
    parts = write_celeba()
    found = made(CelebA())

    def expected(name):
        image = Image.open(RAW / "celeba/img_align_celeba" / name)
        cropped = functional.resize(functional.center_crop(image, [108, 108]), 64)
        return np.asarray(cropped).transpose(2, 0, 1)

    train = [expected(name) for name, part in parts.items() if part == "0"]
    np.testing.assert_array_equal(found.train, train)
    test = {expected(name).tobytes() for name, part in parts.items() if part == "2"}
    assert {image.tobytes() for image in found.heldout} == test


def test_lsun_is_resized_and_cropped_as_in_the_official_code():
    from torchvision.datasets.lsun import LSUNClass

    database = write_lsun()
    found = made(LSUNBedrooms())
    reference = LSUNClass(str(database))
    images = [functional.center_crop(functional.resize(i, 64), [64, 64]) for i, _ in reference]
    reference.env.close()
    expected = [np.asarray(image).transpose(2, 0, 1).tobytes() for image in images]
    ours = {image.tobytes() for image in (*found.train, *found.heldout)}
    assert ours == set(expected)
    # Both parts keep the order of the keys, which are digests.
    for part in (found.train, found.heldout):
        places = [expected.index(image.tobytes()) for image in part]
        assert places == sorted(places)


def test_a_folders_images_are_shuffled_and_its_other_files_left_alone():
    folder = write_folder(count=40)
    (folder / "notes.txt").write_text("not an image")
    Image.new("RGBA", (70, 70), (0, 0, 0, 0)).save(folder / "group 0" / "clear.png")
    Image.new("L", (70, 70), 7).save(folder / "grey.png")
    Image.new("CMYK", (70, 70), (0, 255, 255, 0)).save(folder / "print.jpg")
    Image.new("P", (70, 70)).save(folder / "文件.bmp")
    found = made(FLOWERS)
    assert (len(found.train), len(found.heldout)) == (36, 8)
    flat = {tuple(image[:, 5, 5]) for image in (*found.train, *found.heldout)}
    assert {(255, 255, 255), (7, 7, 7), (0, 0, 0)} <= flat
    grey = made(ImageFolder(folder="flowers", grey=True))
    assert grey.train.shape == (36, 1, 64, 64)
    assert FLOWERS.id != ImageFolder(folder="flowers", grey=True).id


def test_a_prefix_of_a_folder_represents_it():
    for k in range(200):  # two kinds, one after the other by name
        path = RAW / "flowers" / f"{k:03d}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (16, 16), 255 * (k >= 100)).save(path)
    found = made(ImageFolder(folder="flowers", size=16))
    for part in (found.train, found.heldout):
        assert 0.2 < part[: len(part) // 2].mean() / 255 < 0.8


def test_raw_files_of_a_folder_are_its_folders_whose_times_tell_of_changes():
    folder = write_folder()
    assert FLOWERS.raw_files() == [folder, *sorted(folder.iterdir())]


@pytest.mark.parametrize("name", ["../x", "a/b", "", "..", "/etc", ".hidden", "a b"])
def test_a_folders_name_is_no_path(name):
    with pytest.raises(ValidationError):
        ImageFolder(folder=name)


def test_at_most_20000_images_and_a_fifth_are_held_out():
    rng = np.random.default_rng(0)
    for count, heldout in ((2, 1), (5, 1), (20, 4), (99_999, 19_999), (3_033_042, 20_000)):
        places = split(count, RAW, rng)
        assert len(set(places.tolist())) == len(places) == heldout
        assert places.min() >= 0
        assert places.max() < count
    for count in (0, 1):
        with pytest.raises(UserError, match=f"^raw: holds {count} images"):
            split(count, RAW, rng)
