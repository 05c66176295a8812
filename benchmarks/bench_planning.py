"""Planning and the command line: CPU of the processes that people and jobs start.

The experiment is made up: 10,000 runs, as many as a grid may have, none of which is trained.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import pytest

from wganbench.plan.grid import MAX_POINTS
from wganbench.plan.params import load_params

ROOT = Path(__file__).parents[1]
COMMANDS = ["--help", "plan --help", "plan", "status"]
GRID = {
    "method": ["gan", "wgan", "wgan-gp", "wgan-lp"],
    "data.name": ["8gaussians", "25gaussians"],
    "n_critic": [1, 2, 3, 4, 5],
    "generator.width": [8, 16, 32, 64, 128],
    "batch_size": [64, 128],
    "optimizer.lr": [k / 10_000 for k in range(1, 26)],
}
EXPERIMENT = {
    "title": "A wide grid",
    "source": "none",
    "question": "How long does planning take?",
    "base": {"generator.name": "mlp", "critic.name": "mlp", "iterations": 100},
    "overrides": [{"when": {"method": "wgan-gp"}, "set": {"constraint.penalty_weight": 0.1}}],
    "grid": [GRID],
    "scales": {"smoke": {"seeds": 2}},
}


def cpu_of_children() -> float:
    """Return the CPU seconds of the processes that this one has waited for."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with the made-up experiment alone, as the working folder."""
    for name in ("Snakefile", "pipelines", "profiles"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    (tmp_path / "experiments").mkdir()
    (tmp_path / "experiments/wide.yaml").write_text(json.dumps(EXPERIMENT))
    (tmp_path / "params.yaml").write_text("scale: smoke\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(name, *arguments):
    """Return a function that runs an installed command to its end."""
    words = [Path(sys.executable).with_name(name), *arguments]
    return lambda: subprocess.run(words, check=True, capture_output=True)


@pytest.mark.benchmark(timer=cpu_of_children)
@pytest.mark.parametrize("arguments", COMMANDS)
def test_command_line(benchmark, project, arguments):
    """One process from its start to its end."""
    benchmark.pedantic(command("wganbench", *arguments.split()), rounds=5, warmup_rounds=1)


@pytest.mark.benchmark(timer=cpu_of_children)
def test_dry_run_of_snakemake(benchmark, project):
    """30,000 jobs and more: each run is trained and measured twice."""
    benchmark.pedantic(command("snakemake", "-n", "--quiet"), rounds=1)


def test_finding_one_run_and_its_data_set(benchmark, project):
    """What a job does before its work; wall-clock seconds, as it waits for nothing."""
    params = load_params(None)
    runs = params.all_runs()
    assert len(runs) == MAX_POINTS
    wanted = runs[len(runs) // 2]

    def find():
        return params.find(wanted.id), params.data_set(wanted.configuration.data.id)

    assert benchmark(find) == (wanted, wanted.configuration.data)
