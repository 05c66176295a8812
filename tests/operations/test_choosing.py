"""Candidates are trained first; of each configuration the best one's setting is trained on."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT
from experiment_files import SMALL, example, tuned_project, write
from smoke_project import BIN, snakemake

from wganbench.files import sha256_of
from wganbench.records.choices import choices_file, read_choices

CHOICES = choices_file("rates", "smoke")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project's folder with an experiment that is tuned, as the working folder."""
    monkeypatch.chdir(tuned_project(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """Such a folder in which all is done, and what was said then."""
    folder = tuned_project(tmp_path_factory.mktemp("tuned"))
    command = [BIN / "wganbench", "run", "rates", "--no-report"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return folder, done.stdout


@pytest.fixture
def finished(once, tmp_path, monkeypatch):
    """A copy of it as the working folder."""
    shutil.copytree(once[0], tmp_path / "finished")
    monkeypatch.chdir(tmp_path / "finished")
    return tmp_path / "finished"


def planned(wganbench) -> list[dict]:
    return [json.loads(line) for line in wganbench("plan", "--json")[1].splitlines()]


def there() -> set[str]:
    return {path.parent.relative_to("results/runs").as_posix()
            for path in Path("results/runs").glob("*/*/run.json")}  # fmt: skip


def ends(run_id: str) -> float:
    """Return the mean of the last distances of a run, by the summary."""
    import pandas as pd

    table = pd.read_parquet(f"results/runs/{run_id}/transport.parquet")
    return float(table.sort_values("iteration").groupby("seed")["w1"].last().mean())


def test_the_best_candidates_setting_is_trained_with_the_other_seeds(once, finished, wganbench):
    assert f"{CHOICES}: chosen for 1 configuration" in once[1]
    runs = planned(wganbench)
    assert {run["id"] for run in runs} == there()
    wgans = [run for run in runs if run["configuration"]["method"] == "wgan"]
    tried = [run for run in wgans if run["candidate"]]
    (further,) = (run for run in wgans if not run["candidate"])
    best = min(tried, key=lambda run: ends(run["id"]))
    assert further["point"] == best["point"]
    assert (best["seeds"], further["seeds"]) == ([0, 1], [2])
    for choice in read_choices(CHOICES).choices:
        assert choice.candidates == pytest.approx({run: ends(run) for run in choice.candidates})
        assert choice.chosen == min(choice.candidates, key=choice.candidates.__getitem__)


def test_a_second_call_has_nothing_to_do(finished, wganbench):
    before = {path: path.stat().st_mtime_ns for path in Path("results").rglob("*")}
    out = wganbench("run", "rates", "--no-report")[1]
    assert [line.rpartition(": ")[2] for line in out.splitlines()] == ["was done"] * 4
    assert {path: path.stat().st_mtime_ns for path in Path("results").rglob("*")} == before


def test_what_is_not_chosen_yet_is_said_and_is_missing_to_verdicts(project, wganbench):
    assert "rates: tuned: optimizer.lr, 2 settings each" in wganbench("plan")[1]
    assert len(planned(wganbench)) == 3  # two candidates and WGAN-GP
    assert wganbench("run", "rates", "--only", "wgan-gp-*", "--no-report")[0] == 0
    assert not CHOICES.exists()
    assert wganbench("status")[1].endswith("rates: 1 run follows when its settings are chosen\n")
    code, _, err = wganbench("claims")
    assert code == 2
    assert (
        "rates: its settings are not chosen; when its candidates are done, `wganbench choose" in err
    )
    code, _, err = wganbench("claims", "--finished")
    assert code == 0
    assert err.startswith("rates: 3 of 4 runs are not done: ")


def test_a_choice_cannot_be_made_of_what_is_not_done_or_not_tuned(project, wganbench):
    code, _, err = wganbench("choose", "rates")
    assert code == 2
    assert "run.json: is missing" in err
    assert not CHOICES.exists()
    write(project / "experiments", example(base=SMALL), "plain")
    code, _, err = wganbench("choose", "plain")
    assert (code, err) == (2, "wganbench: plain: nothing is tuned at scale smoke\n")


def test_choices_are_the_plans_and_a_damaged_file_of_them_is_named(finished, wganbench):
    assert wganbench("prune")[1] == ""
    assert wganbench("verify")[0] == 0
    CHOICES.write_text("{")
    for command in ("plan", "status", "verify", "claims"):
        code, out, err = wganbench(command)
        assert code == (1 if command == "verify" else 2)
        assert str(CHOICES) in out + err
        assert "wganbench choose" in out + err
    assert wganbench("choose", "rates")[0] == 0
    assert wganbench("verify")[0] == 0


def test_candidates_that_are_trained_anew_are_chosen_among_anew(finished, wganbench):
    further = {run["id"] for run in planned(wganbench) if run["tuned"] and not run["candidate"]}
    CHOICES.unlink()
    assert {run["id"] for run in planned(wganbench)} == there() - further
    assert wganbench("prune")[1] == ""  # what may be chosen again is kept
    out = wganbench("run", "rates", "--no-report")[1]
    assert f"{CHOICES}: chosen" in out
    assert out.count("was done") == 4


@pytest.mark.workflow
def test_snakemake_chooses_as_it_goes_and_makes_the_same_files(finished):
    ours = {path: sha256_of(path) for path in Path("results/runs").rglob("*.parquet")}
    chosen = CHOICES.read_bytes()
    shutil.rmtree("results")
    for name in ("Snakefile", "pipelines", "profiles"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, finished / name)
    snakemake(finished, "runs")
    assert {path: sha256_of(path) for path in Path("results/runs").rglob("*.parquet")} == ours
    assert CHOICES.read_bytes() == chosen
    assert "Nothing to be done" in snakemake(finished, "runs")
