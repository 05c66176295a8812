"""Image sets larger than memory: written image by image, mapped, trained on batch by batch."""

import ast
import tracemalloc
import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from configurations import IMAGES, configuration
from raw_files import write_cifar10, write_folder, write_lsun

from wganbench.data import Arrays, Images
from wganbench.data.celeba import CelebA
from wganbench.data.cifar10 import CIFAR10
from wganbench.data.image_folder import ImageFolder
from wganbench.data.lsun import LSUNBedrooms
from wganbench.data.mnist import MNIST, FashionMNIST
from wganbench.data.store import write_data
from wganbench.grey_levels import floats_of
from wganbench.plugins.code import closure
from wganbench.records.data import read_data, write_npz
from wganbench.training.game import Game
from wganbench.training.process import prepare_torch
from wganbench.training.sampler import as_floats, as_tensor
from wganbench.training.train import train


@pytest.fixture(autouse=True)
def _project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    prepare_torch("cpu")


def test_the_file_has_the_bytes_that_numpy_would_write(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (7, 3, 16, 16), dtype=np.uint8)
    columns = {"train": images, "labels": np.arange(7), "points": np.ones((2, 3), np.float32)}
    np.savez(tmp_path / "numpys.npz", **columns)
    streamed = Images(images.shape, lambda: iter(images))
    write_npz(tmp_path / "ours.npz", columns | {"train": streamed})
    assert (tmp_path / "ours.npz").read_bytes() == (tmp_path / "numpys.npz").read_bytes()


def peak_of_writing(data):
    """Return the largest number of bytes that Python and numpy held while a set was written."""
    tracemalloc.start()
    try:
        write_data(data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def lsun(count):
    write_lsun(count, size=(66, 64))
    return LSUNBedrooms()


def folder(count):
    write_folder(f"of-{count}", count)
    return ImageFolder(folder=f"of-{count}")


@pytest.mark.parametrize("make", [lsun, folder])
def test_writing_takes_no_more_memory_for_more_images(make, tmp_path, monkeypatch):
    peaks = []
    for count in (100, 800):
        project = tmp_path / str(count)
        project.mkdir()
        monkeypatch.chdir(project)
        data = make(count)
        write_data(data)  # what is imported and cached at the first use is not counted
        peaks.append(peak_of_writing(data))
    assert peaks[0] < 4e6
    per_image = (peaks[1] - peaks[0]) / 700
    # A path or a place for each, but not its 12,288 bytes.
    assert per_image < 500


def images_of_bytes():
    """Return a configuration, its 8-bit data mapped from a file, and the same data as floats."""
    write_cifar10(count=20)
    config = configuration("wgan-gp", IMAGES | {"data.name": "cifar10"})
    write_data(config.data)
    mapped = read_data(config.data)
    floats = Arrays(floats_of(mapped.train), floats_of(mapped.heldout))
    return config, mapped, floats


def test_training_on_mapped_bytes_is_training_on_their_floats():
    config, mapped, floats = images_of_bytes()
    one, other = (train(config, arrays, (3, 4)) for arrays in (mapped, floats))
    nets, others = one.game.nets(), other.game.nets()
    assert nets.keys() == others.keys() == {"critic", "generator"}
    for name, net in nets.items():
        pairs = zip(net.parameters(), others[name].parameters(), strict=True)
        assert all(torch.equal(a, b) for a, b in pairs)
    for name in ("generated", "real", "critic_real", "critic_generated", "gradient_norms"):
        np.testing.assert_array_equal(getattr(one.samples, name), getattr(other.samples, name))
    np.testing.assert_array_equal(one.samples.real, mapped.heldout[: config.samples])


def test_training_maps_the_images_and_reads_the_batches_that_it_draws():
    config, mapped, _ = images_of_bytes()
    game = Game(config, mapped, (3, 4), "cpu")
    assert game.task.sampler.pool.dtype == torch.uint8
    assert game.task.sampler.pool.data_ptr() == mapped.train.ctypes.data  # no copy
    batch = game.task.sampler.real()
    assert batch.dtype == torch.float32
    assert batch.shape == (2, config.batch_size, 3, 32, 32)
    known = {image.tobytes() for image in mapped.train}
    levels = ((batch + 1) * 127.5).round().to(torch.uint8).flatten(0, 1).numpy()
    assert all(image.tobytes() in known for image in levels)


def test_train_samples_is_a_prefix_of_mapped_images_too():
    config, mapped, _ = images_of_bytes()
    config = config.model_copy(update={"train_samples": 9})
    pool = Game(config, mapped, (3,), "cpu").task.sampler.pool
    np.testing.assert_array_equal(pool.numpy(), mapped.train[:9])


def test_images_are_mapped_read_only_so_that_a_file_may_be_larger_than_memory():
    # Linux would refuse a private, writable mapping of such a file. Nor does torch warn of it.
    _, mapped, _ = images_of_bytes()
    with pytest.raises(ValueError, match="read-only"):
        mapped.train[:] = 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert as_tensor(mapped.train).dtype == torch.uint8


def test_the_256_levels_lie_in_the_stated_range_and_come_back_exactly():
    levels = torch.arange(256, dtype=torch.uint8)
    values = as_floats(levels)
    assert (values[0], values[255]) == (-1, 1)
    assert (values.diff() > 0).all()
    assert torch.equal(((values + 1) * 127.5).round().to(torch.uint8), levels)
    np.testing.assert_array_equal(values.numpy(), floats_of(levels.numpy()))
    assert as_floats(values) is values


SETS = [MNIST(), FashionMNIST(), CIFAR10(), CelebA(), LSUNBedrooms(), ImageFolder(folder="x")]


@pytest.mark.parametrize("data", SETS, ids=lambda data: data.name)
def test_the_digest_of_a_sets_code_covers_every_module_that_reads_its_raw_files(data):
    covered = closure([type(data).__module__])
    imported = set()
    for module in covered:
        for node in ast.walk(ast.parse(Path(find_spec(module).origin).read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                "wganbench.data."
            ):
                imported.add(node.module)
    assert imported <= covered
    assert "wganbench.data.raw.pixels" in covered


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_pool_that_does_not_fit_the_gpu_gives_the_same_batches_from_the_file(monkeypatch):
    config, mapped, _ = images_of_bytes()
    inside = Game(config, mapped, (3, 4), "cuda").task.sampler
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _: (1, 1))
    outside = Game(config, mapped, (3, 4), "cuda").task.sampler
    assert (inside.pool.device.type, outside.pool.device.type) == ("cuda", "cpu")
    for _ in range(3):
        assert torch.equal(inside.real(), outside.real())
