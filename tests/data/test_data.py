"""Data sets against closed forms and independent implementations; their files against damage."""

import json
import re
import shutil

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.stats import chisquare, ks_2samp, kstest, wasserstein_distance

from wganbench.data.digits import Digits
from wganbench.data.fgan_mixture import FGANMixture
from wganbench.data.funnels import Funnels
from wganbench.data.gaussians import EightGaussians, TwentyFiveGaussians
from wganbench.data.lsun import LSUNBedrooms
from wganbench.data.pairs import ParallelLines, Piecewise, TwoGaussians
from wganbench.data.store import write_data
from wganbench.data.swiss_roll import SwissRoll
from wganbench.errors import UserError
from wganbench.files import sha256_of
from wganbench.records.data import read_data

ALL = [
    EightGaussians(), TwentyFiveGaussians(), SwissRoll(), Digits(), ParallelLines(theta=0.5),
    TwoGaussians(), Piecewise(), FGANMixture(),
]  # fmt: skip
UNLIKELY = 1e-4  # p-value of a test that a right sample fails once in 10,000 seeds


@pytest.fixture(scope="module")
def arrays():
    """Every data set's arrays, by name, from one seed."""
    return {data.name: data.generate(np.random.default_rng(1)) for data in ALL}


@pytest.mark.parametrize("data", ALL, ids=lambda data: data.name)
def test_arrays_have_the_stated_shape_and_are_finite_and_single_precision(arrays, data):
    found = arrays[data.name]
    parts = [found.train, found.heldout]
    if data.kind == "pair":
        parts += [found.train_model, found.heldout_model]
    else:
        assert found.train_model is found.heldout_model is None
    for part in parts:
        assert part.dtype == np.float32
        assert part.shape[1:] == data.shape
        assert np.isfinite(part).all()
    if data.kind != "images":
        assert [len(part) for part in parts] == [100_000, 20_000] * (len(parts) // 2)


@pytest.mark.parametrize("name", ["8gaussians", "25gaussians", "swissroll", "digits"])
def test_train_and_held_out_samples_share_no_point(arrays, name):
    train, heldout = (
        {row.tobytes() for row in part} for part in (arrays[name].train, arrays[name].heldout)
    )
    assert not train & heldout


EIGHT = np.array([[np.cos(k * np.pi / 4), np.sin(k * np.pi / 4)] for k in range(8)]) * 2 / 1.414
GRID = np.array([[x, y] for x in (-4, -2, 0, 2, 4) for y in (-4, -2, 0, 2, 4)]) / 2.828
MIXTURES = [(EightGaussians(), EIGHT, 0.02 / 1.414), (TwentyFiveGaussians(), GRID, 0.05 / 2.828)]
MIXTURES = [pytest.param(*mixture, id=mixture[0].name) for mixture in MIXTURES]


@pytest.mark.parametrize(("data", "centres", "sigma"), MIXTURES)
def test_a_mixture_has_equally_likely_normal_modes_where_the_official_code_has_them(
    arrays, data, centres, sigma
):
    train = arrays[data.name].train.astype(float)
    nearest = np.linalg.norm(train[:, None] - centres, axis=-1).argmin(1)
    assert chisquare(np.bincount(nearest, minlength=len(centres))).pvalue > UNLIKELY
    offsets = (train - centres[nearest]) / sigma
    for coordinate in offsets.T:
        assert kstest(coordinate, "norm").pvalue > UNLIKELY
    assert abs(np.corrcoef(offsets.T)[0, 1]) < 4 / np.sqrt(len(train))


@pytest.mark.parametrize(("data", "centres", "sigma"), MIXTURES)
def test_a_mixture_tells_its_modes(data, centres, sigma):
    assert data.mode_std() == pytest.approx(sigma)
    distances = np.linalg.norm(data.modes()[:, None] - centres, axis=-1)
    np.testing.assert_allclose(distances.min(0), 0, atol=1e-12)
    np.testing.assert_allclose(distances.min(1), 0, atol=1e-12)


@pytest.mark.parametrize(("data", "centres", "sigma"), MIXTURES)
def test_every_prefix_of_the_held_out_points_has_its_share_of_each_mode(
    arrays, data, centres, sigma
):
    heldout = arrays[data.name].heldout
    nearest = np.linalg.norm(heldout[:, None] - centres, axis=-1).argmin(1)
    for n in (len(centres), 64, 1000, 4000, len(heldout)):
        counts = np.bincount(nearest[:n], minlength=len(centres))
        assert counts.max() - counts.min() <= 1


def test_the_swiss_roll_is_scikit_learns_without_its_width(arrays):
    from sklearn.datasets import make_swiss_roll

    expected = make_swiss_roll(50_000, noise=0.25, random_state=99)[0][:, [0, 2]] / 7.5
    for part in (arrays["swissroll"].train, arrays["swissroll"].heldout):
        for view in (lambda p: p[:, 0], lambda p: p[:, 1], lambda p: np.hypot(*p.T)):
            assert ks_2samp(view(part), view(expected)).pvalue > UNLIKELY
        error = 4 * 0.25 / 7.5 * np.sqrt(1 / len(part) + 1 / len(expected))
        assert off_the_spiral(part).std() == pytest.approx(
            off_the_spiral(expected).std(), abs=error
        )


def off_the_spiral(points):
    """Return how far points lie from the nearest arm of the spiral r = angle, radially."""
    angle, radius = np.arctan2(points[:, 1], points[:, 0]), np.hypot(*points.T)
    arms = (angle[:, None] + 2 * np.pi * np.arange(4)) / 7.5
    return np.abs(radius[:, None] - arms).min(1)


def test_digits_are_all_of_scikit_learns_bilinearly_enlarged(arrays):
    import torch
    from sklearn.datasets import load_digits

    loaded = load_digits()
    small = torch.from_numpy(loaded.images)[:, None]
    large = torch.nn.functional.interpolate(
        small, size=(16, 16), mode="bilinear", align_corners=False
    )
    expected = (large.numpy() / 8 - 1).reshape(1797, -1)
    found = arrays["digits"]
    images = np.concatenate([found.train, found.heldout]).reshape(1797, -1)
    labels = np.concatenate([found.labels, found.heldout_labels])
    assert images.min() == -1
    assert images.max() <= 1
    # Matched by content, since the split has shuffled them.
    order, reference = np.lexsort(images.T), np.lexsort(expected.astype(np.float32).T)
    np.testing.assert_allclose(images[order], expected[reference], atol=1e-6)
    assert (labels[order] == loaded.target[reference]).all()


def test_digits_keep_a_fifth_of_every_class_apart(arrays):
    found = arrays["digits"]
    held, train = np.bincount(found.heldout_labels), np.bincount(found.labels)
    assert len(found.heldout) == 360
    np.testing.assert_allclose(held, (held + train) / 5, atol=1)


PAIRS = [Piecewise(), TwoGaussians(), TwoGaussians(mean_real=1, mean_model=1.5),
         ParallelLines(theta=-0.5), ParallelLines(theta=0)]  # fmt: skip


@pytest.mark.parametrize("data", PAIRS, ids=lambda data: data.id)
def test_the_closed_form_is_the_distance_of_large_samples(data):
    found = data.generate(np.random.default_rng(2))
    real, model = found.train.astype(float), found.train_model.astype(float)
    # Parallel lines move along their first coordinate; along the second, both laws are the same.
    distance = wasserstein_distance(real[:, 0], model[:, 0])
    # A sample's own distance from its law is about its spread over the root of its size.
    error = 5 * np.sqrt((real[:, 0].var() + model[:, 0].var()) / len(real)) + 1e-9
    assert distance == pytest.approx(data.true_w1()[0], abs=error)
    if data.shape == (2,):
        assert ks_2samp(real[:, 1], model[:, 1]).pvalue > UNLIKELY
        assert kstest(real[:, 1], "uniform").pvalue > UNLIKELY


def test_the_lectures_answer_is_the_integral_between_the_distribution_functions():
    x = np.linspace(1, 10, 90_001)
    real = np.interp(x, [1, 2, 3, 4, 9, 10], [0, 0.25, 0.25, 0.5, 0.5, 1])
    model = np.interp(x, [5, 7], [0, 1])
    assert np.trapezoid(np.abs(real - model), x) == pytest.approx(Piecewise().true_w1()[0])


def test_the_laws_of_the_pairs_are_the_stated_ones(arrays):
    found = arrays["two-gaussians"]
    assert kstest(found.train[:, 0] + 3, "norm").pvalue > UNLIKELY
    assert kstest(found.train_model[:, 0] - 3, "norm").pvalue > UNLIKELY
    found = arrays["piecewise"]
    assert kstest(found.train_model[:, 0], "uniform", args=(5, 2)).pvalue > UNLIKELY
    real = found.train[:, 0]
    pieces = [((real >= low) & (real <= low + 1)).mean() for low in (1, 3, 9)]
    np.testing.assert_allclose(pieces, [0.25, 0.25, 0.5], atol=4 * 0.5 / np.sqrt(len(real)))
    assert sum(pieces) == 1
    assert set(np.unique(arrays["parallel-lines"].train[:, 0])) == {0}
    assert set(np.unique(arrays["parallel-lines"].train_model[:, 0])) == {0.5}


@pytest.fixture(scope="module")
def digits_files(tmp_path_factory):
    """A folder with the digits' two files."""
    folder = tmp_path_factory.mktemp("data")
    write_data(Digits(), folder)
    return folder


@pytest.fixture
def folder(digits_files, tmp_path):
    """A copy of that folder, to be damaged."""
    return shutil.copytree(digits_files, tmp_path / "data")


def test_what_is_written_is_what_is_read(folder):
    written = Digits().generate(np.random.default_rng(20170126))
    read = read_data(Digits(), folder)
    for name in ("train", "heldout", "labels", "heldout_labels"):
        np.testing.assert_array_equal(getattr(read, name), getattr(written, name))
    assert read.train_model is None


@pytest.mark.parametrize("data", [SwissRoll(), Digits()], ids=lambda data: data.name)
def test_writing_twice_gives_the_same_bytes(tmp_path, data):
    folders = tmp_path / "one", tmp_path / "two"
    paths = [write_data(data, folder) for folder in folders]
    for suffix in (".npz", ".json"):
        one, two = (path.with_suffix(suffix).read_bytes() for path in paths)
        assert one == two
    assert {path.name for path in folders[0].iterdir()} == {f"{data.id}.npz", f"{data.id}.json"}


def test_the_manifest_tells_what_the_file_holds(folder):
    manifest = json.loads((folder / "digits.json").read_text())
    assert manifest["sha256"] == sha256_of(folder / "digits.npz")
    assert manifest["settings"] == {"name": "digits"}
    assert manifest["shapes"] == {
        "train": [1437, 1, 16, 16], "heldout": [360, 1, 16, 16],
        "labels": [1437], "heldout_labels": [360],
    }  # fmt: skip


def flip_a_byte(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncate(path):
    path.write_bytes(path.read_bytes()[:-100])


def empty(path):
    path.write_bytes(b"")


def remove(path):
    path.unlink()


def describe_another(path):
    path.write_text(path.read_text().replace('"name": "digits"', '"name": "swissroll"'))


def add_a_key(path):
    path.write_text(path.read_text().replace("{", '{"colour": "red",', 1))


def not_text(path):
    path.write_bytes(b"\xff\xfe\x00")


DAMAGE = [
    ("digits.npz", flip_a_byte), ("digits.npz", truncate), ("digits.npz", empty),
    ("digits.npz", remove), ("digits.json", truncate), ("digits.json", empty),
    ("digits.json", remove), ("digits.json", describe_another), ("digits.json", add_a_key),
    ("digits.json", not_text),
]  # fmt: skip


@pytest.mark.parametrize(("name", "damage"), DAMAGE)
def test_a_damaged_missing_or_foreign_file_is_refused_with_the_remedy(folder, name, damage):
    damage(folder / name)
    with pytest.raises(UserError) as raised:
        read_data(Digits(), folder)
    assert str(raised.value).startswith(f"{folder / name}: ")
    assert "`wganbench data digits`" in str(raised.value) or "delete it" in str(raised.value)
    write_data(Digits(), folder)
    assert len(read_data(Digits(), folder).train) == 1437


def test_data_that_cannot_be_had_are_refused_before_anything_is_written(tmp_path):
    with pytest.raises(UserError, match="lsun-bedrooms"):
        write_data(LSUNBedrooms(), tmp_path)
    assert not list(tmp_path.iterdir())


def test_data_sets_with_other_settings_have_other_files():
    ids = {ParallelLines(theta=theta).id for theta in (0, 0.1, -0.1, 0.5, 1, 10, 1e-7)}
    ids |= {TwoGaussians(mean_real=mean).id for mean in (0, 1, -1)}
    assert len(ids) == 10


ALIKE = [
    (Funnels(dim=2, file="a b.npz"), Funnels(dim=2, file="a/b.npz")),
    (Funnels(dim=2, file="a-b.npz"), Funnels(dim=2, file="a/b.npz")),
    (Funnels(dim=2, seed=10**300), Funnels(dim=2, seed=10**300 + 1)),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_settings_that_look_alike_in_a_files_name_have_files_of_their_own(one, other):
    assert one.id != other.id
    for data in (one, other):
        assert re.fullmatch(r"[a-z0-9][A-Za-z0-9_.-]{0,200}", data.id)


@pytest.mark.parametrize("file", ["a\0b", "a\nb", "\x1b[31m", "x" * 5000, "\udcff"])
def test_a_pairs_file_has_a_name_that_can_be_told(file):
    with pytest.raises(ValidationError, match="file"):
        Funnels(dim=2, file=file)
