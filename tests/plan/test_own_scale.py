"""A scale is a name in the experiment files: the usual five, or the user's own."""

import json
from pathlib import Path

import pytest
from experiment_files import example, mistake_in, planned, write

from wganbench.plan import steps
from wganbench.plan.elsewhere import judged_elsewhere
from wganbench.plan.params import load_params
from wganbench.plan.runs import plan

OWN = {"smoke": {"seeds": 1}, "desk2": {"like": "smoke", "seeds": 3, "set": {"iterations": 7}}}


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    (tmp_path / "experiments").mkdir()
    write(tmp_path / "experiments", example(scales=OWN))
    (tmp_path / "params.yaml").write_text("scale: desk2\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_is_planned_like_any_other(tmp_path):
    for run in planned(tmp_path, example(scales=OWN), "desk2"):
        assert (run.scale, run.seeds, run.configuration.iterations) == ("desk2", (0, 1, 2), 7)


def test_params_and_commands_take_it(project, wganbench):
    assert {run.scale for run in load_params().all_runs()} == {"desk2"}
    code, out, _ = wganbench("plan", "--scale", "desk2", "--json")
    assert code == 0
    assert {json.loads(line)["scale"] for line in out.splitlines()} == {"desk2"}


def test_one_that_no_file_has_is_refused_with_those_that_there_are(project, wganbench):
    known = "there are smoke, laptop, desk, gpu, paper, desk2"
    assert wganbench("plan", "--scale", "moon")[2] == (
        f"wganbench: --scale: 'moon' is unknown; {known}\n"
    )
    Path("params.yaml").write_text("scale: moon\n")
    assert mistake_in(load_params) == f"params.yaml: scale: 'moon' is unknown; {known}"


@pytest.mark.parametrize("slip", ["laptp", "smoek", "papers"])
def test_a_slip_of_the_pen_is_no_scale(tmp_path, slip):
    write(tmp_path, example(scales={slip: {"seeds": 1}}))
    assert f"scales.{slip}: is no scale; did you mean" in mistake_in(plan, slip, None, tmp_path)


def test_its_jobs_ask_for_what_those_of_a_gpu_do():
    assert steps.TRAIN.minutes["desk2"] == steps.TRAIN.minutes["gpu"]
    assert steps.CLAIMS.memory["desk2"] == steps.CLAIMS.memory["gpu"]


def test_its_verdicts_come_after_those_of_the_usual(tmp_path):
    for scale in ("a-first", "paper", "desk", "zoo", "smoke"):
        (tmp_path / scale).mkdir()
        (tmp_path / scale / "claims.json").write_text("{}")
    (tmp_path / "laptop").mkdir()
    found = [file.parent.name for file in judged_elsewhere("zoo", tmp_path)]
    assert found == ["smoke", "desk", "paper", "a-first"]
