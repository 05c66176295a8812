"""`wganbench tensorboard` writes a run's curves and samples; without TensorBoard it says so."""

import sys
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from runs_in_the_making import ITERATIONS, Making

from wganbench import cli
from wganbench.errors import UserError
from wganbench.operations.tensorboard import SUFFIX, convert
from wganbench.records.curves import read_curves
from wganbench.records.samples import read_samples

IMAGES = {"data.name": "digits", "generator.name": "mlp", "critic.name": "mlp"}


def events(folder):
    """Return what a reader of TensorBoard's own finds in a seed's folder."""
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    found = EventAccumulator(str(folder), size_guidance={"images": 0, "scalars": 0})
    found.Reload()
    return found


@pytest.fixture
def _no_tensorboard(monkeypatch):
    monkeypatch.delitem(sys.modules, "torch.utils.tensorboard", raising=False)
    monkeypatch.setitem(sys.modules, "tensorboard", None)


@pytest.mark.usefixtures("_no_tensorboard")
def test_without_tensorboard_the_command_says_what_to_install(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    command = ["wganbench", "tensorboard", "an/example", "--logdir", "logs"]
    monkeypatch.setattr("sys.argv", command)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "pip install 'wganbench[tensorboard]'" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_finished_runs_curves_are_there_for_each_seed(tmp_path):
    pytest.importorskip("tensorboard")
    making = Making(tmp_path)
    making.finish()
    folders = convert(making.run, tmp_path / "logs", making.places)
    curves = read_curves(making.places.results / making.run.id / "curves.parquet").to_pandas()
    assert [folder.name for folder in folders] == [f"seed-{seed}" for seed in making.run.seeds]
    for seed, folder in zip(making.run.seeds, folders, strict=True):
        found = events(folder)
        for name in ("estimate", "gradient_norm_max"):
            known = curves[curves["seed"] == seed].dropna(subset=[name])
            read = found.Scalars(name)
            assert [one.step for one in read] == known["iteration"].tolist()
            assert [one.value for one in read] == pytest.approx(known[name].tolist(), rel=1e-6)
        assert len(found.Images("samples")) == 2  # one for each evaluation point
        assert any("configuration" in tag for tag in found.Tags()["tensors"])


def test_generated_images_are_shown_as_they_were_saved(tmp_path):
    pytest.importorskip("tensorboard")
    making = Making(tmp_path, **IMAGES)
    making.finish()
    folder, _ = convert(making.run, tmp_path / "logs", making.places)
    saved = read_samples(making.places.results / making.run.id / "samples.npz", making.run)
    shown = events(folder).Images("samples")
    assert [one.step for one in shown] == saved.iterations.tolist()
    drawn = np.array(Image.open(BytesIO(shown[-1].encoded_image_string)))
    first = drawn[2:, 2:, 0]  # inside a frame of two pixels
    height, width = saved.generated.shape[-2:]
    assert np.array_equal(first[:height, :width], saved.generated[0, -1, 0, 0])


def test_a_run_in_the_making_is_brought_up_to_date_by_the_same_command(tmp_path):
    pytest.importorskip("tensorboard")
    making = Making(tmp_path)
    making.advance(ITERATIONS // 2)
    (folder, _) = convert(making.run, tmp_path / "logs", making.places)
    assert [one.step for one in events(folder).Scalars("estimate")] == [1, 2, 3, 4]
    assert len(events(folder).Images("samples")) == len(making.training.history.evaluations)
    (folder / "events.of.another").touch()
    making.advance(1)
    convert(making.run, tmp_path / "logs", making.places)
    assert len(list(folder.glob(f"*{SUFFIX}"))) == 1
    assert (folder / "events.of.another").exists()
    assert [one.step for one in events(folder).Scalars("estimate")] == [1, 2, 3, 4, 5]


def test_of_a_run_that_has_not_begun_there_is_nothing_to_convert(tmp_path):
    pytest.importorskip("tensorboard")
    making = Making(tmp_path)
    with pytest.raises(UserError, match="has no curves yet"):
        convert(making.run, tmp_path / "logs", making.places)
    assert not (tmp_path / "logs").exists() or not list((tmp_path / "logs").rglob("*wganbench"))
