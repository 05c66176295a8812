"""`wganbench init`: a folder in which everything works at once."""

import re
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from smoke_project import snakemake

from wganbench.plan.params import load_params


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_project_has_what_the_checkout_has_and_runs_at_two_scales(here, wganbench):
    code, out, _ = wganbench("init", "some/where/mine")
    assert code == 0
    assert "cd some/where/mine" in out
    folder = here / "some/where/mine"
    assert sorted(path.name for path in folder.iterdir()) == [
        "Snakefile", "experiments", "params.yaml", "plugins", "profiles", "raw", "slurm",
    ]  # fmt: skip
    for name in ("params.yaml", "slurm/config.yaml", "profiles/default/config.yaml"):
        assert (folder / name).read_bytes() == (ROOT / name).read_bytes()
    [experiment] = (folder / "experiments").iterdir()
    assert {"smoke", "laptop"} <= yaml.safe_load(experiment.read_text())["scales"].keys()
    assert (here / "some/where").stat().st_mode == folder.stat().st_mode, "others may read it"
    assert [path.name for path in (here / "some/where").iterdir()] == ["mine"]


@pytest.mark.workflow
def test_snakemake_by_itself_makes_all_of_a_new_project(here, wganbench, monkeypatch):
    wganbench("init", "mine")
    monkeypatch.chdir("mine")
    told = snakemake(here / "mine", "--dry-run")
    assert re.search(r"^train +3$", told, re.MULTILINE)
    assert re.search(r"^report +1$", told, re.MULTILINE)
    runs = load_params("smoke").all_runs()
    assert {run.configuration.method for run in runs} == {"gan", "wgan", "wgan-gp"}


def test_an_empty_folder_is_taken_and_any_other_is_left_alone(here, wganbench):
    (here / "empty").mkdir()
    assert wganbench("init", "empty")[0] == 0
    (here / "file").write_text("mine")
    for taken in ("empty", "file"):
        before = sorted(here.rglob("*"))
        code, _, error = wganbench("init", taken)
        assert (code, error) == (
            2, f"wganbench: {taken}: is there already; name an empty folder, or a new one\n",
        )  # fmt: skip
        assert sorted(here.rglob("*")) == before
