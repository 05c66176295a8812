"""References of an FID: known answers, their order on digits, and records that are refused."""

import json

import numpy as np
import pytest
from digits_space import write_digits

from wganbench.data.digits import Digits
from wganbench.errors import UserError
from wganbench.fidelity.extractors import as_rgb, features_of, load, space_of
from wganbench.fidelity.images import Reference
from wganbench.fidelity.metrics import fid, statistics
from wganbench.fidelity.references import measured_references
from wganbench.fidelity.store import read_real
from wganbench.records.data import read_data
from wganbench.records.extractor import check_made, read_made
from wganbench.training.process import prepare_torch

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
def arrays(project):
    return read_data(DATA, project / "data")


@pytest.fixture(scope="module")
def space(project):
    return space_of(DATA, "classifier", project / "extractors")


@pytest.fixture(scope="module")
def real(project):
    return read_real(project / "extractors/digits.npz")


def drawn(arrays, wanted, most=360) -> np.ndarray:
    """Return real training images of some classes, as many as are held out where there are."""
    return arrays.train[np.random.default_rng(0).permutation(np.flatnonzero(wanted))[:most]]


def test_references_are_torch_fidelitys_fids_of_such_images(arrays, space, real):
    from torch_fidelity import calculate_metrics

    shape = (360, 1, 16, 16)
    images = {
        "half_of_classes": drawn(arrays, arrays.labels < 5),
        "black": np.full(shape, -1, np.float32),
        "grey": np.zeros(shape, np.float32),
        "noise": np.random.default_rng(0).integers(256, size=shape, dtype=np.uint8),
    }
    for name, content in images.items():
        found = calculate_metrics(
            input1=as_rgb(content), input2=as_rgb(arrays.heldout), feature_extractor=space.name,
            feature_extractor_weights_path=str(space.weights), fid=True, cuda=False, cache=False,
            batch_size=256, verbose=False,
        )  # fmt: skip
        expected = found["frechet_inception_distance"]
        assert getattr(real.made.references, name) == pytest.approx(expected, rel=1e-4), name


def test_that_of_one_class_is_the_median_over_classes(arrays, space, real):
    def normal(images):
        """Return the mean, and a matrix A whose product A'A is the covariance."""
        features = features_of(load(space), images).features.double().numpy()
        return features.mean(0), (features - features.mean(0)) / np.sqrt(len(features) - 1)

    mean, root = normal(arrays.heldout)
    expected = []
    for label in range(10):
        other, of_class = normal(drawn(arrays, arrays.labels == label))
        # The trace of the root of A'A B'B is the sum of the singular values of A B'.
        cross = np.linalg.svd(of_class @ root.T, compute_uv=False).sum()
        traces = (root**2).sum() + (of_class**2).sum()
        expected.append(((mean - other) ** 2).sum() + traces - 2 * cross)
    assert real.made.references.one_class == pytest.approx(np.median(expected), rel=1e-3)


def test_on_digits_they_are_above_real_images_and_in_the_order_of_what_is_lost(real):
    found = real.made.references
    heldout = statistics(real.heldout.features)
    assert fid(heldout, heldout) == pytest.approx(0, abs=1e-6)
    floor = Reference(real.train, real.heldout, knows_classes=True).floors()["fid_floor"]
    assert floor < found.half_of_classes / 10
    assert found.half_of_classes < found.one_class / 2
    assert found.one_class < min(found.black, found.grey, found.noise)


def test_without_labels_clusters_of_the_features_stand_for_classes(space, real):
    arguments = load(space), real.train, real.heldout, None, DATA.shape
    labelled, found = real.made.references, measured_references(*arguments)
    assert found == measured_references(*arguments)
    for name in ("half_of_classes", "one_class"):  # a classifier's clusters are about its classes
        assert getattr(found, name) == pytest.approx(getattr(labelled, name), rel=0.5), name
    classes = {name: getattr(found, name) for name in ("half_of_classes", "one_class")}
    assert labelled.model_copy(update=classes) == found


def test_a_single_class_has_no_half_and_a_class_of_one_image_no_fid(arrays, space, real):
    def references(labels):
        return measured_references(load(space), real.train, real.heldout, labels, DATA.shape)

    one = references(np.zeros(len(real.train), int))
    assert one.half_of_classes is None
    assert 0 < one.one_class < 1  # as many training images as are held out: the floor
    lonely = np.ones(len(real.train), int)
    lonely[0] = 0
    assert references(lonely) == one.model_copy(update={"one_class": references(lonely).one_class})


BAD = {
    "an older record": (lambda made: made | {"schema_version": 1}, "schema_version: 1, this wgan"),
    "none": (lambda made: {k: v for k, v in made.items() if k != "references"}, "references: "),
    "negative": (lambda made: _with(made, black=-1.0), "references.black: "),
    "missing": (lambda made: _with(made, noise=None), "references.noise: "),
    "a text": (lambda made: _with(made, one_class="30"), "references.one_class: "),
    "misspelt": (lambda made: _with(made, gray=1.0), "references.gray: unknown key"),
}


def _with(made: dict, **values: object) -> dict:
    return made | {"references": made["references"] | values}


@pytest.mark.parametrize("case", BAD)
def test_a_record_that_is_older_or_damaged_is_refused_in_one_line(project, tmp_path, case):
    change, expected = BAD[case]
    made = json.loads((project / "extractors/digits.json").read_text())
    path = tmp_path / "digits.json"
    path.write_text(json.dumps(change(made)))
    for read in (read_made, check_made):
        with pytest.raises(UserError) as raised:
            read(path)
        message = str(raised.value)
        assert message.startswith(f"{path}: {expected}")
        assert message.endswith("; run `wganbench extractor digits`")
        assert "\n" not in message
