"""A run as a file of its own: nothing is lost on the way, and it trains to the same bits."""

import json
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from experiment_files import example, mistake_in, planned, write
from hypothesis import given
from hypothesis import strategies as st

from wganbench.files import sha256_of
from wganbench.plan.experiment import SCALES
from wganbench.plan.run_files import read_run, run_as_yaml
from wganbench.plan.runs import plan
from wganbench.plan.yaml_files import as_yaml, read_mapping

SMALL = {"generator.width": 8, "critic.width": 8, "iterations": 3, "evaluations": 2, "samples": 20}
TRAINED = ("curves.parquet", "samples.npz", "networks.safetensors")
SCALARS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["1e5", "5e-05", "no", "~", "null", "0x1f", "1:30", "2017-01-26", "a: b", "#"]),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.none(),
)
VALUES = SCALARS | st.lists(SCALARS, max_size=3)


@given(content=st.dictionaries(st.text(max_size=12), VALUES, min_size=1, max_size=4))
def test_what_is_written_as_yaml_is_read_back_equal(content, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "content.yaml"
    path.write_text(as_yaml(content), encoding="utf-8")
    read = read_mapping(path)
    assert read == content
    assert {k: type(v) for k, v in read.items()} == {k: type(v) for k, v in content.items()}


def test_a_list_that_stands_in_two_places_is_written_twice(tmp_path):
    both = [1, 2]
    path = tmp_path / "content.yaml"
    path.write_text(as_yaml({"one": both, "other": both}))
    assert read_mapping(path) == {"one": [1, 2], "other": [1, 2]}


@pytest.mark.parametrize("scale", SCALES)
def test_every_planned_run_survives_its_file(tmp_path, scale):
    runs = [run for listed in plan(scale, None, ROOT / "experiments").values() for run in listed]
    one_each = {run.experiment + run.configuration.method: run for run in runs}
    for run in one_each.values():
        path = tmp_path / "run.yaml"
        path.write_text(run_as_yaml(run), encoding="utf-8")
        read = read_run(path)
        assert read.digest == run.digest
        assert (read.scale, read.seeds) == (run.scale, run.seeds)
        assert read.configuration == run.configuration
        common = yaml.safe_load(path.read_text())  # as any other program reads it
        assert common["configuration"] == run.configuration.resolved()


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    """A project's folder with one small experiment, as the working folder."""
    (tmp_path / "experiments").mkdir()
    write(tmp_path / "experiments", example(base=SMALL, grid=[{"method": "wgan-gp"}]), "toys")
    (tmp_path / "params.yaml").write_text("scale: smoke\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_run_trains_from_its_file_alone_to_the_same_bytes(project, wganbench):
    (run,) = plan("smoke")["toys"]
    wganbench("data", "8gaussians")
    assert wganbench("train", run.id)[0] == 0
    (project / "experiments/toys.yaml").unlink()
    (project / "elsewhere").mkdir()
    (project / "elsewhere/run.yaml").write_text(run_as_yaml(run))
    code, out, _ = wganbench("train", "--config", "elsewhere/run.yaml")
    folder = Path("elsewhere") / f"wgan-gp-{run.digest[:8]}"
    assert code == 0
    assert out.startswith(f"{folder}: ")
    for file in TRAINED:
        assert sha256_of(folder / file) == sha256_of(Path("results/runs") / run.id / file)
    ours, theirs = (
        json.loads((f / "run.json").read_text()) for f in (folder, Path("results/runs") / run.id)
    )
    for key in ("digest", "configuration", "seeds", "scale", "provenance"):
        assert ours[key] == theirs[key]


def test_data_that_no_plan_has_are_written_for_a_file(project, wganbench):
    (run,) = plan("smoke")["toys"]
    text = run_as_yaml(run).replace("8gaussians", "swissroll")
    (project / "run.yaml").write_text(text)
    assert wganbench("train", "--config", "run.yaml")[0] == 0
    assert (project / "data/swissroll.npz").exists()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("iterations: 3", "iterashuns: 3", "configuration: iterashuns: unknown key"),
        ("n_critic: 5", "n_critic: none", "configuration: n_critic: "),
        ("n_critic: 5", "n_critic: 0", "configuration: n_critic: "),
        ("scale: smoke", "scale: Huge!", "scale: "),
        ("seeds:", "seed:", "seed: unknown key; did you mean 'seeds'?"),
        ("name: gradient-penalty", "name: gradient-penality", "did you mean 'gradient-penalty'?"),
        ("method: wgan-gp", "method: wgan-gp\n  method: wgan", "twice"),
        ("configuration:", "configuration: 5\nrest:", "unknown key"),
    ],
)
def test_a_mistake_in_a_runs_file_is_told_with_its_key(tmp_path, old, new, expected):
    (run,) = planned(tmp_path, example(base=SMALL, grid=[{"method": "wgan-gp"}]))
    path = tmp_path / "run.yaml"
    path.write_text(run_as_yaml(run).replace(old, new, 1))
    message = mistake_in(read_run, path)
    assert message.startswith(f"{path}:")
    assert expected in message


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["train"], "needs either a run_id or --config FILE"),
        (["train", "toys/x", "--config", "run.yaml"], "needs either a run_id or --config FILE"),
        (["train", "--config", "run.yaml", "--scale", "smoke"], "leave --scale out"),
        (["train", "--config", "run.yaml"], "run.yaml: cannot be read"),
    ],
)
def test_a_wrong_call_is_one_line(project, wganbench, arguments, expected):
    code, out, err = wganbench(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert expected in err
