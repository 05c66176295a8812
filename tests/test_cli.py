"""The command line: help, machine-readable output, mistakes on one line, interruptions."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import typer
from conftest import ROOT
from experiment_files import EXAMPLE, example, write

from wganbench.cli import app

COMMANDS = typer.main.get_command(app).commands
OF_NO_SCALE = (
    "replay",
    "estimate",
    "measure",
    "sample",
    "init",
    "verify",
    "recover",
    "slurm",
    "schema",
)  # whose settings are their own


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project's folder with one small experiment, as the working folder."""
    (tmp_path / "experiments").mkdir()
    write(tmp_path / "experiments", EXAMPLE)
    (tmp_path / "params.yaml").write_text("scale: smoke\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(wganbench, command):
    code, out, err = wganbench(command, "--help")
    assert (code, err) == (0, "")
    assert f"wganbench {command}" in out
    assert ("--scale" in out) == (command not in OF_NO_SCALE)


def test_the_help_lists_every_command(wganbench):
    code, out, _ = wganbench("--help")
    assert code == 0
    assert {"plan", "data", "train", "transport", "report", "status", "prune"} <= set(COMMANDS)
    assert all(command in out for command in COMMANDS)


def test_the_plan_is_a_table_for_people(wganbench, project):
    code, out, err = wganbench("plan")
    assert (code, err) == (0, "")
    assert all(f"example/{method}-" in out for method in ("gan", "wgan", "wgan-gp"))
    assert "3 runs, 6 replicas" in out


def test_the_plan_is_json_for_programs(wganbench, project):
    code, out, _ = wganbench("plan", "--json")
    runs = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [run["configuration"]["method"] for run in runs] == ["gan", "wgan", "wgan-gp"]
    for run in runs:
        assert run["id"].startswith(f"example/{run['configuration']['method']}-")
        assert run["id"].endswith(run["digest"][:8])
        assert run["seeds"] == [0, 1]


def test_a_plan_without_runs_prints_no_json(wganbench, project):
    assert wganbench("plan", "--json", "--scale", "paper") == (0, "", "")


def test_the_plan_can_be_asked_for_some_experiments(wganbench, project):
    write(project / "experiments", EXAMPLE, "second")
    _, out, _ = wganbench("plan", "second")
    assert "second/gan" in out
    assert "example/gan" not in out


def test_data_are_written_for_the_id_that_the_plan_shows(wganbench, project):
    code, out, _ = wganbench("data", "8gaussians")
    assert (code, out.strip()) == (0, "data/8gaussians.npz")
    assert np.load(project / "data/8gaussians.npz")["train"].shape == (100_000, 2)


MISTAKES = [
    (["plan", "nonsense"], "experiment 'nonsense' is unknown"),
    (["plan", "exmple"], "did you mean 'example'?"),
    (["plan", "../experiments/example"], "is unknown"),
    (["plan", "--scale", "huge"], "--scale: 'huge' is unknown"),
    (["plan", "--scale", "latop"], "did you mean 'laptop'?"),
    (["data", "nonsense"], "data set 'nonsense' is in no run"),
    (["data", "../../x"], "is in no run"),
    (["train", "nonsense"], "experiment 'nonsense' is unknown"),
    (["train", "example/nonsense"], "example/nonsense: is not on the grid at scale smoke"),
    (["train", "../../x"], "experiment '..' is unknown"),
    (["transport", "example/../../x"], "is not on the grid"),
    (["fidelity", ""], "experiment '' is unknown"),
]


@pytest.mark.parametrize(("arguments", "expected"), MISTAKES)
def test_a_mistake_is_one_line_on_standard_error_and_exit_code_2(
    wganbench, project, arguments, expected
):
    code, out, err = wganbench(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("wganbench: ")
    assert err.count("\n") == 1
    assert expected in err
    assert not (project / "results").exists()


@pytest.mark.parametrize("command", ["status", "verify", "prune", "recover", "slurm check"])
def test_outside_a_project_the_upkeep_commands_say_so(wganbench, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    code, out, err = wganbench(*command.split())
    assert (code, out) == (2, "")
    assert err.startswith("wganbench: params.yaml: ")


def test_a_mistake_in_a_file_is_one_line_with_file_and_key(wganbench, project):
    write(project / "experiments", example(base={"n_crtic": 3}))
    code, out, err = wganbench("plan")
    assert (code, out) == (2, "")
    assert err == (
        "wganbench: experiments/example.yaml: base: n_crtic: unknown key; "
        "did you mean 'n_critic'?\n"
    )


def test_below_a_project_its_folder_is_named(wganbench, tmp_path, monkeypatch):
    (tmp_path / "params.yaml").write_text("scale: smoke\n")
    (tmp_path / "docs/deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "docs/deep")
    told = f"wganbench: params.yaml: is missing; run from {tmp_path}, the project's folder\n"
    assert wganbench("plan") == (2, "", told)


def test_outside_a_project_one_line_says_so(wganbench, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = wganbench("plan")
    assert code == 2
    assert err == "wganbench: params.yaml: is missing; run from a project's folder\n"


def test_a_folder_that_cannot_be_written_is_one_line(wganbench, project):
    (project / "data").write_text("a file where the folder should be")
    code, out, err = wganbench("data", "8gaussians")
    assert (code, out) == (2, "")
    assert err == "wganbench: data: File exists\n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["nonsense"], "nonsense"),
        (["train"], "run_id"),
        (["plan", "--nonsense"], "--nonsense"),
        (["plan", "--scale"], "--scale"),
        (["train", "a/b", "c/d"], "c/d"),
    ],
)
def test_wrong_usage_is_a_clear_message_and_exit_code_2(wganbench, arguments, expected):
    code, out, err = wganbench(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("wganbench: ")
    assert err.endswith("; see wganbench --help\n")
    assert err.count("\n") == 1
    assert expected in err


def test_no_command_at_all_shows_the_help_and_exits_with_2(wganbench):
    code, out, err = wganbench()
    assert (code, err) == (2, "")
    assert all(command in out for command in COMMANDS)


def test_an_interruption_has_its_own_exit_code_and_no_traceback(wganbench, project, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("wganbench.plan.overview.print_overview", interrupted)
    code, out, err = wganbench("plan")
    assert (code, out) == (130, "")
    assert "Traceback" not in err


WGANBENCH = [Path(sys.executable).with_name("wganbench")]


def test_the_installed_command_exits_with_2_after_a_mistake():
    done = subprocess.run(
        [*WGANBENCH, "train", "nonsense"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert done.stderr.startswith("wganbench: experiment 'nonsense' is unknown")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [["plan"], ["plan", "--json"], ["--help"], ["plan", "--help"]]
)
def test_a_reader_that_goes_away_is_no_error_worth_a_word(arguments):
    readable, writable = os.pipe()
    os.close(readable)
    done = subprocess.run(
        [*WGANBENCH, *arguments], cwd=ROOT, stdout=writable, stderr=subprocess.PIPE, text=True
    )
    os.close(writable)
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_full_disk_is_one_line():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*WGANBENCH, "plan"], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 2
    assert done.stderr == "wganbench: No space left on device\n"
