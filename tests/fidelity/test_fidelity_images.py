"""Image fidelity: torch-fidelity's own numbers, floors, and what broken generators get."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from configurations import IMAGES, configuration
from digits_space import write_digits

from wganbench.data.digits import Digits
from wganbench.errors import UserError
from wganbench.fidelity.extractors import Features, Space, as_rgb, features_of, load, space_of
from wganbench.fidelity.images import Reference, image_rows
from wganbench.fidelity.measure import measure as measure_fidelity
from wganbench.fidelity.metrics import fid, isc, kid, precision_recall, settings, statistics
from wganbench.fidelity.store import read_real
from wganbench.plan.runs import Run
from wganbench.records.data import read_data
from wganbench.records.fidelity import FLOORED, read_fidelity
from wganbench.records.samples import read_samples, write_samples
from wganbench.training.process import prepare_torch
from wganbench.training.train import train_run

DATA = Digits()


@pytest.fixture(autouse=True)
def _prepared() -> None:
    prepare_torch("cpu")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A folder with the digits and their classifier."""
    folder = tmp_path_factory.mktemp("project")
    write_digits(folder / "data", folder / "extractors")
    return folder


@pytest.fixture(scope="module")
def space(project) -> Space:
    return space_of(DATA, "classifier", project / "extractors")


@pytest.fixture(scope="module")
def extractor(space):
    return load(space)


@pytest.fixture(scope="module")
def arrays(project):
    return read_data(DATA, project / "data")


@pytest.fixture(scope="module")
def real(project):
    return read_real(project / "extractors/digits.npz")


@pytest.fixture(scope="module")
def reference(real) -> Reference:
    return Reference(real.train, real.heldout, knows_classes=True)


def broken(arrays) -> dict[str, np.ndarray]:
    """Return what broken generators make, from bad to worse; 360 images each."""
    rng, n = np.random.default_rng(0), len(arrays.heldout)
    one_class = arrays.train[arrays.labels == 3]
    return {
        "half the classes": arrays.train[arrays.labels < 5][:n],
        "noise": (arrays.heldout + 0.5 * rng.standard_normal(arrays.heldout.shape)).clip(-1, 1),
        "one class": one_class[rng.choice(len(one_class), n)],
        "one image": np.repeat(arrays.train[:1], n, axis=0),
    }


@pytest.mark.parametrize("count", [360, 300])
def test_every_metric_is_exactly_torch_fidelitys(arrays, space, extractor, reference, count):
    from torch_fidelity import calculate_metrics

    images = broken(arrays)["noise"][:count]
    told = calculate_metrics(
        input1=as_rgb(images), input2=as_rgb(arrays.heldout), feature_extractor=space.name,
        feature_extractor_weights_path=str(space.weights), fid=True, kid=True, isc=True, prc=True,
        cuda=False, cache=False, batch_size=256, **settings(count, len(arrays.heldout)),
    )  # fmt: skip
    row = reference.full(features_of(extractor, images))
    assert row["fid"] == told["frechet_inception_distance"]
    assert row["kid"] == told["kernel_inception_distance_mean"]
    assert row["isc"] == told["inception_score_mean"]
    assert (row["precision"], row["recall"]) == (told["precision"], told["recall"])


def test_kid_of_many_images_is_torch_fidelitys_with_its_usual_subsets(reference, monkeypatch):
    monkeypatch.setattr("wganbench.fidelity.metrics.KID_SUBSETS", 5)
    from torch_fidelity.metric_kid import kid_features_to_metric

    train = reference.train
    told = kid_features_to_metric(
        train.features, train.features, kid_subsets=5, kid_subset_size=1000, verbose=False
    )
    assert kid(train, train) == told["kernel_inception_distance_mean"]


def test_identical_sets_are_at_no_distance_and_a_copy_is_recalled(reference):
    heldout = reference.heldout
    assert fid(statistics(heldout.features), reference.statistics) == pytest.approx(0, abs=1e-6)
    assert precision_recall(heldout, heldout) == (1, 1)
    assert kid(heldout, heldout) < 0  # the unbiased estimate of 0, with every pair in both sets


def test_broken_generators_rank_last_and_the_more_broken_the_later(
    arrays, space, extractor, reference
):
    floor = reference.floors()
    found = {
        name: reference.full(features_of(extractor, images))
        for name, images in broken(arrays).items()
    }
    fids = [floor["fid_floor"], *(row["fid"] for row in found.values())]
    assert fids == sorted(fids)
    assert fids[1] > 10 * fids[0]
    kids = [row["kid"] for row in found.values()]
    assert min(kids) > floor["kid_floor"] + 10 * floor["kid_floor_sd"]
    assert found["one image"]["isc"] == pytest.approx(1)
    assert found["one image"]["recall"] == 0
    held = {name: row["classes_held"] for name, row in found.items()}
    assert (held["half the classes"], held["one class"], held["one image"]) == (5, 1, 1)
    assert (
        found["one class"]["label_entropy"] < 0.3 < 1.5 < found["half the classes"]["label_entropy"]
    )


def test_floors_are_what_as_many_training_images_get(reference):
    floor = reference.floors()
    assert 0 < floor["fid_floor"] < 1
    assert abs(floor["kid_floor"]) < 0.05
    assert floor["isc_floor"] > 9
    assert floor["precision_floor"] > 0.8 < floor["recall_floor"]
    assert floor["label_entropy_heldout"] == pytest.approx(np.log(10), abs=0.01)
    assert all(floor[f"{name}_floor_sd"] > 0 for name in FLOORED)
    smaller = replace(reference, heldout=reference.heldout[:100]).floors()
    assert smaller["fid_floor"] > 2 * floor["fid_floor"]  # of fewer images it is higher


def test_without_enough_training_images_there_is_no_floor(reference):
    row = replace(reference, train=reference.train[:100]).floors()
    assert not any(name in row for name in ("fid_floor", "kid_floor"))
    assert row["nearest_train_heldout"] > 0


def test_the_nearest_training_image_of_a_copy_is_itself(arrays, space, extractor, reference):
    places = [5, 1000, 17]
    row = reference.memorisation(features_of(extractor, arrays.train[places]))
    assert row["nearest_places"] == places
    assert row["nearest_distances"] == pytest.approx([0, 0, 0], abs=1e-5)
    assert row["nearest_train"] == pytest.approx(0, abs=1e-5)


def test_images_that_are_not_finite_are_refused(arrays):
    images = np.array(arrays.heldout[:4])
    images[1, 0, 3, 3] = np.nan
    with pytest.raises(UserError, match="1 of 4 images are not finite"):
        as_rgb(images)


def test_8_bit_images_are_those_that_training_saves(run, trained, arrays):
    samples = read_samples(trained / "samples.npz")
    np.testing.assert_array_equal(samples.real, as_rgb(arrays.heldout[: len(samples.real)]).images)


@pytest.fixture(scope="module")
def run() -> Run:
    config = configuration("wgan", IMAGES, iterations=3, evaluations=3)
    return Run(
        experiment="tiny", scale="smoke", seeds=(0, 1), point={"method": "wgan"},
        configuration=config,
    )  # fmt: skip


@pytest.fixture(scope="module")
def trained(run, project):
    """The folder of a trained run of two seeds and three evaluation points."""
    train_run(run, project / run.id, data=project / "data")
    return project / run.id


def test_every_valid_evaluation_has_a_row_and_the_best_and_the_last_have_every_metric(
    run, trained, project, space, extractor, real
):
    samples = read_samples(trained / "samples.npz")
    valid = np.array([[True, True, True], [True, False, False]])
    generated = np.array(samples.generated)
    generated[1, 1:] = 0  # what NaN may be saved as
    changed = replace(samples, generated=generated, valid=valid)
    write_samples(changed, trained / "samples.npz")
    measure_fidelity(run, trained, project / "extractors")
    write_samples(samples, trained / "samples.npz")
    rows = read_fidelity(trained / "fidelity.parquet").to_pylist()
    assert [(r["seed"], r["iteration"]) for r in rows] == [(0, 1), (0, 2), (0, 3), (1, 1)]
    assert {r["extractor"] for r in rows} == {real.made.extractor}
    assert real.made.extractor.startswith("classifier-digits@")
    assert {r["n"] for r in rows} == {12}
    for row in rows:
        of_seed = [r["fid"] for r in rows if r["seed"] == row["seed"]]
        assert row["is_best"] == (row["fid"] == min(of_seed))
        last = row["iteration"] == (3 if row["seed"] == 0 else 1)
        has_all = all(row[name] is not None for name in ("kid", "precision", "nearest_places"))
        assert has_all == (row["is_best"] or last)
        assert row["modes"] is None
    features = features_of(extractor, samples.generated[0, 2])
    assert rows[2]["isc"] == isc(features)
    first = next(iter(image_rows(samples, space, real)))
    assert first["fid"] == rows[0]["fid"]


def test_a_run_on_other_data_than_the_classifiers_is_refused(run, trained, project, tmp_path):
    for path in (project / "extractors").iterdir():
        text = path.read_bytes()
        if path.suffix == ".json":
            sha = read_real(project / "extractors/digits.npz").made.data_sha256
            text = text.replace(sha.encode(), b"0" * 64)
        (tmp_path / path.name).write_bytes(text)
    with pytest.raises(UserError, match="is of another data file than the run"):
        measure_fidelity(run, trained, tmp_path)


def test_features_do_not_depend_on_what_was_measured_before(arrays, space, extractor, real):
    again = features_of(load(space), arrays.heldout)
    assert torch.equal(again.features, real.heldout.features)
    assert torch.equal(again.logits, real.heldout.logits)


def test_of_as_few_samples_as_neighbours_precision_and_recall_are_left_out():
    """The distance to the third neighbour is not known of three samples."""
    some = Features(torch.randn(12, 4), torch.randn(12, 2))
    three = Reference(some, some[:3], knows_classes=True)
    assert not {"precision", "recall"} & set(three.full(some[:3]))
    assert {"fid_floor", "kid_floor"} <= set(three.floors())
    assert not {"precision_floor", "recall_floor"} & set(three.floors())
    four = Reference(some, some[:4], knows_classes=True)
    assert {"precision", "recall"} <= set(four.full(some[:4]))
