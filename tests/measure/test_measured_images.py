"""Sets of images, measured: as runs are, by patches alone, from files as people have them."""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import torch
from experiment_files import example, write
from PIL import Image
from scipy.ndimage import convolve

from wganbench.errors import UserError
from wganbench.fidelity.pyramids import _pyramid, pyramid_distances
from wganbench.measure.image_sets import read_images, read_reference
from wganbench.measure.images import measure_images

RNG = np.random.default_rng(0)
SMALL = {"data.name": "digits", "generator.width": 8, "generator.output": "tanh",
         "critic.width": 8, "iterations": 3, "evaluations": 2, "samples": 60}  # fmt: skip


def blobs(n: int, rows: int = 32, channels: int = 3, seed: int = 0) -> np.ndarray:
    """Draw discs of random places and colours."""
    rng = np.random.default_rng(seed)
    row, column = np.mgrid[:rows, :rows]
    x, y, r = rng.uniform(0.3, 0.7, (3, n, 1, 1)) * rows
    inside = (row - x) ** 2 + (column - y) ** 2 < (r / 2) ** 2
    colours = rng.integers(60, 256, (n, channels, 1, 1))
    return (inside[:, None] * colours).astype(np.uint8)


# --- patches of pyramids


def test_a_pyramids_levels_add_up_to_the_image_and_are_those_of_scipys_filter():
    image = torch.from_numpy(blobs(2)).float()
    fine, coarse = _pyramid(image)
    kernel = np.outer(line := np.array([1, 4, 6, 4, 1]) / 16, line)[None, None]
    smaller = convolve(image.numpy(), kernel, mode="mirror")[..., ::2, ::2]
    np.testing.assert_allclose(coarse.numpy(), smaller, rtol=1e-5, atol=1e-3)
    spread = np.zeros_like(image.numpy())
    spread[..., ::2, ::2] = coarse.numpy()
    restored = fine.numpy() + 4 * convolve(spread, kernel, mode="mirror")
    np.testing.assert_allclose(restored, image.numpy(), rtol=1e-5, atol=1e-3)


def test_equal_sets_are_at_distance_zero_and_a_blurred_one_is_farthest_in_the_finest_level():
    images = blobs(200)
    assert set(pyramid_distances(images, images).values()) == {0.0}
    other = pyramid_distances(blobs(200, seed=1), images)
    blurred = convolve(blobs(200, seed=1), np.full((1, 1, 3, 3), 1 / 9), output=np.float64)
    found = pyramid_distances(blurred.astype(np.uint8), images)
    assert list(found) == list(other) == [32, 16]
    assert found[32] > 1.5 * other[32]
    assert found[32] > found[16]


def test_patches_need_images_of_one_shape():
    with pytest.raises(ValueError, match="not equal, square"):
        pyramid_distances(blobs(4), blobs(4, rows=16))


# --- files


def test_a_folder_and_arrays_in_any_order_of_axes_hold_the_same_images(tmp_path):
    images = blobs(6)
    folder = tmp_path / "a folder"
    folder.mkdir()
    for number, image in enumerate(images):
        Image.fromarray(image.transpose(1, 2, 0)).save(folder / f"{number}.png")
    np.save(tmp_path / "first.npy", images)
    np.savez(tmp_path / "last.npz", images.transpose(0, 2, 3, 1))
    np.save(tmp_path / "floats.npy", (images / 127.5 - 1).astype(np.float32))
    for name in ("a folder", "first.npy", "last.npz", "floats.npy"):
        np.testing.assert_array_equal(read_images(tmp_path / name), images)
    assert read_images(folder, size=16, channels=1).shape == (6, 1, 16, 16)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (np.zeros((3, 5, 8, 9), np.uint8), "images are square, n c h w or n h w c"),
        (np.full((3, 1, 8, 8), 7.0), "8-bit grey levels, or floats in [-1, 1]"),
        (np.zeros((3, 1, 8, 8), np.int64), "holds int64"),
        (b"nothing", "is no array of images"),
        (None, "is missing; name a folder of images, or an .npy or .npz file"),
    ],
)
def test_what_holds_no_images_is_told(tmp_path, content, told):
    path = tmp_path / "images.npy"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        np.save(path, content)
    with pytest.raises(UserError) as raised:
        read_images(path)
    assert told in str(raised.value)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="holds no images"):
        read_images(tmp_path / "empty")


# --- numbers


@pytest.fixture
def sets(tmp_path) -> tuple[Path, Path]:
    np.save(tmp_path / "real.npy", blobs(120))
    np.save(tmp_path / "other.npy", blobs(40, seed=5) // 2)
    return tmp_path / "other.npy", tmp_path / "real.npy"


def test_without_labels_patches_and_random_features_are_compared_beside_their_floor(sets):
    other, real = sets
    reference = read_reference(str(real), None, None)
    assert (len(reference.images), len(reference.further)) == (60, 60)
    found = measure_images(read_images(other), reference)
    names = [quality.name for quality in found.qualities]
    assert names == [
        "patches, 32 rows", "patches, 16 rows", "patches, mean of levels", "KID, random features",
    ]  # fmt: skip
    alike = measure_images(blobs(40, seed=6), reference)
    for far, near in zip(found.qualities, alike.qualities, strict=True):
        assert far.floor == near.floor
        assert near.value < near.floor + 5 * near.floor_sd
    kid = found.qualities[-1]  # darker images have patches of the same normalised kind
    assert kid.value > kid.floor + 5 * kid.floor_sd
    assert found == measure_images(read_images(other), reference)


def test_images_of_another_size_and_too_few_are_refused(sets):
    reference = read_reference(str(sets[1]), None, None)
    with pytest.raises(UserError, match=r"images are 3x16x16, those of .* 3x32x32; bring them to"):
        measure_images(blobs(9, rows=16), reference)
    with pytest.raises(UserError, match="holds 3 images; at least 4"):
        measure_images(blobs(3), reference)


def test_the_command_prints_and_writes_what_was_measured(sets, tmp_path, wganbench):
    page = tmp_path / "page.html"
    command = ("measure", "images", *map(str, sets))
    code, out, _ = wganbench(*command, "--html", str(page))
    assert code == 0
    space = "random-convolutions-1-3@0e914dd6"
    assert f"measured in the space {space}, as there are no labels to train one on" in out
    code, out, _ = wganbench(*command, "--json")
    content = json.loads(out)
    assert (content["n"], content["m"], content["drawn"], content["space"]) == (40, 60, 40, space)
    assert f"{content['qualities'][0]['value']:.4g}" in page.read_text()


def test_inceptions_space_needs_its_weights(sets, wganbench, monkeypatch):
    monkeypatch.delenv("WGANBENCH_INCEPTION", raising=False)
    code, _, err = wganbench("measure", "images", *map(str, sets), "--inception")
    assert code == 2
    assert "put the published pt_inception" in err


def test_a_runs_samples_get_the_runs_own_numbers(tmp_path, monkeypatch, wganbench):
    monkeypatch.chdir(tmp_path)
    Path("experiments").mkdir()
    write(Path("experiments"), example(base=SMALL, grid=[{"method": "wgan-gp"}]), "mine")
    Path("params.yaml").write_text("scale: smoke\n")
    assert wganbench("measure", "images", "x.npy", "digits")[0] == 2  # not made yet
    assert wganbench("run", "mine", "--no-report")[0] == 0
    (folder,) = Path("results/runs/mine").iterdir()
    samples = np.load(folder / "samples.npz")["generated"]
    np.save("x.npy", samples[0, -1])
    code, out, err = wganbench("measure", "images", "x.npy", "digits", "--json")
    assert code == 0, err
    content = json.loads(out)
    found = {quality["name"]: quality["value"] for quality in content["qualities"]}
    table = pq.read_table(folder / "fidelity.parquet").to_pandas()
    (row,) = table[(table["seed"] == 0) & (table["iteration"] == 3)].to_dict("records")
    for name, column in (("FID", "fid"), ("KID", "kid"), ("precision", "precision"),
                         ("recall", "recall"), ("Inception score", "isc")):  # fmt: skip
        assert found[name] == pytest.approx(row[column], rel=1e-5), name
    assert content["space"] == row["extractor"]
