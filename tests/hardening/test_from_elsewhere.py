"""Results from somebody else: nothing hangs, fills the memory, or commands a terminal."""

import json
import os
import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from experiment_files import example, write

from wganbench.claims.judging.catalogue import catalogue
from wganbench.errors import UserError
from wganbench.plan.steps import CLAIMS
from wganbench.records.array_files import read_arrays
from wganbench.report.style.csv_links import without_formulas

pytestmark = pytest.mark.hardening
ESCAPE = "\x1b]0;owned\x07\x1b[2J"
SMALL = {"generator.width": 8, "critic.width": 8, "iterations": 3, "evaluations": 2, "samples": 20}
JUDGED = Path("results/scales/smoke/claims.json")


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    (tmp_path / "experiments").mkdir()
    write(tmp_path / "experiments", example(base=SMALL, grid=[{"method": "wgan"}]), "mine")
    (tmp_path / "params.yaml").write_text("scale: smoke\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def log(project, wganbench) -> Path:
    """The place of a planned run's log."""
    run = json.loads(wganbench("plan", "--json")[1])["id"]
    path = Path("logs/train") / f"{run}.log"
    path.parent.mkdir(parents=True)
    return path


def test_a_pipe_or_an_endless_device_in_place_of_a_log_is_passed_over(log, wganbench):
    os.mkfifo(log)
    assert wganbench("status")[0] == 0
    log.unlink()
    log.symlink_to("/dev/zero")
    assert wganbench("status")[0] == 0


def test_of_a_log_that_never_ends_the_end_is_looked_at(log, wganbench):
    with log.open("wb") as file:
        file.truncate(4 * 2**30)  # a hole: four gigabytes that take no room
        file.seek(0, os.SEEK_END)
        file.write(b"\nthe last line\n")
    tracemalloc.start()
    code, out, _ = wganbench("status")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert code == 0
    assert "the last line" in out
    assert peak < 50e6


def test_what_a_log_and_a_folders_name_say_reaches_no_terminal_as_a_command(log, wganbench):
    log.write_text(f"an error {ESCAPE}\n")
    Path("results/runs/mine", f"run{ESCAPE}-12345678").mkdir(parents=True)
    code, out, _ = wganbench("status")
    assert code == 0
    assert "an error" in out
    assert "\x1b" not in out
    code, _, err = wganbench("train", f"mine/{ESCAPE}")
    assert code == 2
    assert "\x1b" not in err


def changed(**changes: object) -> None:
    content = json.loads(JUDGED.read_text())
    JUDGED.write_text(json.dumps(content | changes))


@pytest.fixture
def judged(project, wganbench) -> None:
    assert wganbench("run", "mine")[0] == 0


def test_verdicts_that_are_markup_holes_or_commands_are_one_line(judged, wganbench):
    verdicts = json.loads(JUDGED.read_text())["claims"]
    changed(scale="[/x]")
    code, _, err = wganbench("claims", "--read")
    assert code == 2
    assert "claims.json: scale: " in err
    holes = [verdict | {"value": 1.0, "low": None, "high": None} for verdict in verdicts]
    changed(scale="smoke", claims=holes)
    assert wganbench("claims", "--read")[0] == 0
    changed(claims=[verdicts[0] | {"statement": f"[/x] {ESCAPE}"}])
    code, out, err = wganbench("claims", "--read")
    assert (code, out) == (2, "")
    assert "a text holds the control character '\\x07'" in err


def test_a_pipe_in_place_of_verdicts_is_not_waited_for(project, tmp_path, wganbench):
    other = tmp_path / "other"
    other.mkdir()
    os.mkfifo(other / "claims.json")
    code, _, err = wganbench("compare", str(other), str(other))
    assert code == 2
    assert "claims.json: is not a file but a pipe; name results that can be read" in err


@pytest.mark.parametrize("change", ["other code", "one removed", "one doubled"])
def test_a_report_believes_no_verdicts_but_those_of_todays_code(judged, wganbench, change):
    content = json.loads(JUDGED.read_text())
    assert content["code_digest"] == CLAIMS.code()
    assert [verdict["name"] for verdict in content["claims"]] == list(catalogue())
    before = Path("reports/index.html").read_bytes()
    verdicts = content["claims"]
    changed(
        **{
            "other code": {"code_digest": "0" * 16},
            "one removed": {"claims": verdicts[1:]},
            "one doubled": {"claims": [*verdicts, verdicts[0]]},
        }[change]
    )
    code, _, err = wganbench("report")
    assert code == 2
    assert "claims.json: " in err
    assert "run `wganbench claims` --scale smoke" in err
    assert Path("reports/index.html").read_bytes() == before


def test_a_small_compressed_file_is_refused_before_it_fills_the_memory(tmp_path):
    path = tmp_path / "samples.npz"
    np.savez_compressed(path, generated=np.zeros(50_000_000))
    assert path.stat().st_size < 1e6
    tracemalloc.start()
    with pytest.raises(UserError, match="its arrays are compressed, as this project writes none"):
        read_arrays(path, "train the run again")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1e6


def test_a_text_that_a_spreadsheet_would_run_is_a_text():
    table = pd.DataFrame({"device": ["=cmd|'/C calc'!A0", "a CPU", None], "w1": [-1.0, 2.0, 3.0]})
    shown = without_formulas(table)
    assert shown["device"].tolist()[:2] == ["'=cmd|'/C calc'!A0", "a CPU"]
    assert shown["w1"].tolist() == [-1.0, 2.0, 3.0]
