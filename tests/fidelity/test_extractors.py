"""Feature spaces: the classifier is the same for the same seed, Inception's file is the user's."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from configurations import IMAGES, configuration
from digits_space import write_digits

from wganbench.data.celeba import CelebA
from wganbench.data.digits import Digits
from wganbench.data.gaussians import EightGaussians
from wganbench.data.store import write_data
from wganbench.errors import UserError
from wganbench.fidelity.classifier import Classifier, shifted, train_classifier
from wganbench.fidelity.diversity import classes_held, entropy, label_counts, nearest
from wganbench.fidelity.extractors import features_of, load, space_of
from wganbench.fidelity.store import write_extractor
from wganbench.files import sha256_of
from wganbench.locks import writing
from wganbench.operations.prune import removals
from wganbench.operations.verify import schema_faults
from wganbench.plan.measurements.fidelity import ROW as FIDELITY
from wganbench.plan.measurements.nets import ROW as NETS
from wganbench.plan.measurements.unlabelled import ROW as UNLABELLED
from wganbench.plan.params import Params
from wganbench.plan.runs import Run
from wganbench.plan.steps import EXTRACTOR, measurements
from wganbench.records.extractor import check_made, read_made
from wganbench.records.layout import extractor_files
from wganbench.training.process import prepare_torch


@pytest.fixture(autouse=True)
def _prepared() -> None:
    prepare_torch("cpu")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A folder with the digits' classifier."""
    folder = tmp_path_factory.mktemp("project")
    write_digits(folder / "data", folder / "extractors")
    return folder / "extractors"


def images(count: int, channels: int, size: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return images of three classes, each brighter than the last, with noise."""
    draws = torch.Generator().manual_seed(0)
    labels = torch.randint(3, (count,), generator=draws)
    noise = torch.randint(60, (count, channels, size, size), generator=draws)
    return (noise + 60 * labels[:, None, None, None]).to(torch.uint8), labels


def test_the_digits_classifier_is_right_and_is_retrained_to_the_same_bytes(written, tmp_path):
    made = read_made(written / "digits.json")
    assert made.accuracy > 0.97
    assert (made.classes, made.train_images, made.heldout_images) == (10, 1437, 360)
    torch.manual_seed(1)  # what else the process has drawn does not matter
    again = write_extractor(Digits(), "classifier", tmp_path, written.parent / "data")
    for name in ("digits.safetensors", "digits.npz"):
        assert sha256_of(tmp_path / name) == sha256_of(written / name)
    assert again.extractor == made.extractor
    assert again.references == made.references


@pytest.mark.parametrize(("channels", "size"), [(1, 16), (1, 32), (3, 32)])
def test_a_classifier_learns_sets_of_any_shape_and_its_features_have_unit_rms(
    monkeypatch, channels, size
):
    monkeypatch.setattr("wganbench.fidelity.classifier.IMAGES_SHOWN", 5000)
    pictures, labels = images(300, channels, size)
    classifier = train_classifier(pictures, labels)
    with torch.no_grad():
        features, logits = classifier(pictures.float() / 127.5 - 1)
    assert features.square().mean().sqrt().item() == pytest.approx(1, rel=1e-3)
    assert (logits.argmax(1) == labels).float().mean() > 0.9


def test_another_seed_gives_another_classifier(monkeypatch):
    monkeypatch.setattr("wganbench.fidelity.classifier.IMAGES_SHOWN", 1)
    one, other = (train_classifier(*images(64, 1, 16), seed=seed) for seed in (1, 2))
    assert not torch.equal(one.last.weight, other.last.weight)


def test_shifts_move_whole_images_by_a_sixteenth_at_most():
    image = torch.zeros(200, 2, 32, 32)
    image[:, :, 10, 20] = 1
    moved = shifted(image, torch.Generator().manual_seed(0))
    assert moved.shape == image.shape
    places = {tuple(p) for p in (moved[:, 0] == 1).nonzero()[:, 1:].tolist()}
    assert places == {(row, column) for row in range(8, 13) for column in range(18, 23)}
    assert torch.equal(moved[:, 0], moved[:, 1])


def test_a_damaged_classifier_is_named(written, tmp_path):
    for path in written.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    check_made(tmp_path / "digits.json")
    (tmp_path / "digits.safetensors").write_bytes(b"none")
    with pytest.raises(UserError, match=r"digits\.safetensors: is damaged, .*extractor digits"):
        check_made(tmp_path / "digits.json")
    with pytest.raises(UserError, match=r"digits\.safetensors: is damaged"):
        load(space_of(Digits(), "classifier", tmp_path))
    (tmp_path / "digits.safetensors").unlink()
    with pytest.raises(UserError, match=r"digits\.safetensors: is missing; run `wganbench extra"):
        load(space_of(Digits(), "classifier", tmp_path))
    (tmp_path / "digits.json").write_text(json.dumps({"id": "digits"}))
    with pytest.raises(UserError, match=r"digits\.json: "):
        read_made(tmp_path / "digits.json")


@pytest.mark.parametrize("is_inception", [False, True])
def test_a_space_that_goes_by_another_name_is_refused(written, tmp_path, is_inception):
    for path in written.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    content = json.loads((tmp_path / "digits.json").read_text())
    if is_inception:  # its published weights are known by digest, and no file lies beside
        content |= {"extractor": "inception-v3-compat@6726825d", "classes": None}
        (tmp_path / "digits.json").write_text(json.dumps(content))
    check_made(tmp_path / "digits.json")
    name, _, digest = content["extractor"].partition("@")
    for other in (f"{name}s@{digest}", f"{name[:-1]}@{digest}", name, f"{name}@{digest[:-1]}"):
        (tmp_path / "digits.json").write_text(json.dumps(content | {"extractor": other}))
        with pytest.raises(UserError, match=r"digits\..*; run `wganbench extractor digits`"):
            check_made(tmp_path / "digits.json")


def test_without_inceptions_weights_one_line_says_what_to_put_where(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WGANBENCH_INCEPTION", raising=False)
    write_data(Digits(), tmp_path / "data")
    with pytest.raises(UserError) as raised:
        write_extractor(Digits(), "inception")
    assert str(raised.value).startswith(
        "raw/inception/pt_inception-2015-12-05-6726825d.pth: is missing; put the published"
    )
    assert not (tmp_path / "results").exists()


def test_another_weights_file_is_refused_by_name_before_it_is_opened(tmp_path, monkeypatch):
    fake = tmp_path / "weights.pth"
    torch.save({"fc.weight": torch.zeros(2)}, fake)
    monkeypatch.setenv("WGANBENCH_INCEPTION", str(fake))
    monkeypatch.setattr(torch, "load", lambda *_, **__: pytest.fail("was unpickled"))
    with pytest.raises(UserError, match=rf"^{fake}: has sha256 .*, not 6726825d"):
        load(space_of(CelebA(), "inception"))


def test_inceptions_features_come_through_the_same_adaptor(tmp_path, monkeypatch):
    """With random weights of the real architecture, as the published ones are not ours to ship."""
    from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

    monkeypatch.setattr(FeatureExtractorInceptionV3, "load_state_dict", lambda *_: None)
    monkeypatch.setattr("wganbench.fidelity.extractors.find_weights", lambda: tmp_path / "w.pth")
    torch.save({}, tmp_path / "w.pth")
    space = space_of(CelebA(), "inception")
    grey = np.zeros((2, 1, 16, 16), dtype=np.uint8)
    found = features_of(load(space), grey)
    assert found.features.shape == (2, 2048)
    assert found.logits.shape == (2, 1008)


@pytest.mark.parametrize(
    ("data", "message"),
    [(CelebA(), "has no labels to train"), (EightGaussians(), "holds no images")],
    ids=lambda x: getattr(x, "name", ""),
)
def test_a_set_without_labels_has_no_classifier(data, message):
    with pytest.raises(UserError, match=message):
        write_extractor(data, "classifier")


def test_the_plan_measures_features_of_images_without_labels_where_inception_is_asked_for_only():
    def measured(data: str, extractor: str) -> list:
        of_data = configuration("gan", IMAGES, data__name=data)
        run = Run(experiment="tiny", scale="smoke", seeds=(0,), point={}, configuration=of_data)
        return measurements(run.model_copy(update={"extractor": extractor}))

    assert measured("digits", "classifier") == [FIDELITY, NETS]
    assert measured("digits", "inception") == [FIDELITY]
    assert measured("celeba", "classifier") == [UNLABELLED]
    assert measured("celeba", "inception") == [FIDELITY]
    assert extractor_files(CelebA(), "inception") == (
        "celeba-size64.json",
        "celeba-size64.npz",
    )


def test_the_extractor_is_no_part_of_a_runs_id(root, monkeypatch):
    monkeypatch.chdir(root)
    runs = {
        extractor: Params(scale="smoke", extractor=extractor).all_runs()
        for extractor in ("classifier", "inception")
    }
    ids = [[run.id for run in of] for of in runs.values()]
    assert ids[0] == ids[1]
    assert {run.extractor for run in runs["inception"]} == {"inception"}


@pytest.mark.parametrize(
    ("counts", "nats", "held"),
    [
        ([25, 25, 25, 25], np.log(4), 4),
        ([100, 0, 0, 0], 0.0, 1),
        ([50, 50, 0, 0], np.log(2), 2),
        ([90, 5, 4, 1], -(0.9 * np.log(0.9) + 0.05 * np.log(0.05) + 0.04 * np.log(0.04)
                          + 0.01 * np.log(0.01)), 2),
    ],
)  # fmt: skip
def test_entropy_and_classes_of_known_labels(counts, nats, held):
    labels = torch.repeat_interleave(torch.arange(4), torch.tensor(counts))
    counted = label_counts(torch.nn.functional.one_hot(labels, 4).float())
    assert counted.tolist() == counts
    assert entropy(counted) == pytest.approx(nats)
    assert classes_held(counted) == held


def test_nearest_points_are_exact_and_far_points_do_not_round_to_0():
    train = torch.tensor([[1e4, 0.0], [1e4, 1e-3], [0.0, 3.0]])
    distances, places = nearest(torch.tensor([[1e4, 1e-3], [0.0, 0.0]]), train)
    assert places.tolist() == [1, 2]
    assert distances.tolist() == [0, 3]


def test_no_class_is_lost_where_a_set_has_many():
    assert Classifier(3, 64, 17).last.out_features == 17


def test_extractors_of_no_planned_set_or_of_other_code_are_pruned_and_damage_is_told(
    written, tmp_path, monkeypatch
):
    folder = tmp_path / "results/extractors"
    folder.mkdir(parents=True)
    for path in written.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "mnist-size32.npz").touch()
    run = Run(
        experiment="tiny", scale="smoke", seeds=(0,), point={"method": "gan"},
        configuration=configuration("gan", IMAGES),
    )  # fmt: skip

    def pruned() -> dict[str, str]:
        paths = (tmp_path / name for name in ("results/runs", "data", "locks"))
        return {r.path.name: r.reason for r in removals([run], *paths)}

    off = {"mnist-size32.npz": "is off the grid"}
    assert pruned() == off
    assert list(schema_faults(tmp_path / "results", tmp_path / "data")) == []
    other = replace(EXTRACTOR, modules=("wganbench.fidelity.classifier",))
    monkeypatch.setattr("wganbench.operations.freshness.EXTRACTOR", other)
    names = ("digits.json", "digits.npz", "digits.safetensors")
    assert pruned() == off | dict.fromkeys(names, "the code that made it has changed")
    monkeypatch.undo()
    with writing("extractors/digits", EXTRACTOR.locks, tmp_path / "locks"):
        (folder / "digits.npz").write_bytes(b"half")
        assert pruned() == off
    fault = next(schema_faults(tmp_path / "results", tmp_path / "data"))
    assert "digits.npz: is damaged, its sha256 is not that in digits.json" in fault.reason
    run = run.model_copy(update={"extractor": "inception"})
    assert pruned()["digits.safetensors"] == "is off the grid"
