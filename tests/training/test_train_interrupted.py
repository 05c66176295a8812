"""`wganbench train` and `run`, ended by signals and by want of memory, and started again."""

import json
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from experiment_files import example, write

from wganbench.files import sha256_of
from wganbench.training.state import read_state

# A training of some seconds: time enough to end it in the middle.
LONG = example(
    base={"generator.width": 32, "critic.width": 32, "iterations": 420, "evaluations": 6,
          "samples": 50, "log_every": 100},
    grid=[{"method": "wgan"}],
)  # fmt: skip
BYTES = ("curves.parquet", "samples.npz", "networks.safetensors")
WGANBENCH = [sys.executable, "-c", "from wganbench.cli import main; main()"]


def made(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """Make a project's folder with one run, and go there."""
    (folder / "experiments").mkdir(parents=True)
    write(folder / "experiments", LONG, "long")
    (folder / "params.yaml").write_text("scale: smoke\n")
    patch.chdir(folder)
    return folder


@pytest.fixture
def project(tmp_path, monkeypatch):
    return made(tmp_path / "a project", monkeypatch)


@pytest.fixture
def run_id(project, wganbench):
    assert wganbench("data", "8gaussians")[0] == 0
    return json.loads(wganbench("plan", "--json")[1])["id"]


def started(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*WGANBENCH, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ended_by(number: signal.Signals, process: subprocess.Popen[str], run_id: str) -> str:
    """Send a signal in the middle of a training; return what it then says, less its progress."""
    state = Path("scratch/checkpoints", run_id, "state")
    for _ in range(600):
        if state.exists():
            break
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.05)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert "Traceback" not in errors
    return errors.splitlines()[-1]


def digests(run_id: str) -> dict[str, str]:
    return {file: sha256_of(Path("results/runs", run_id, file)) for file in BYTES}


def resumed_at(run_id: str) -> list[int]:
    record = json.loads(Path("results/runs", run_id, "run.json").read_text())
    found: list[int] = record["timings"]["resumed_at"]
    return found


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        made(tmp_path_factory.mktemp("uninterrupted") / "a project", patch)
        process = started("run", "long", "--no-report")
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        (record,) = Path("results/runs").glob("long/*/run.json")
        run_id = f"long/{record.parent.name}"
        assert not Path("scratch/checkpoints", run_id).exists()
        return digests(run_id)


def test_sigterm_leaves_a_checkpoint_from_which_the_same_command_goes_on(
    uninterrupted, run_id, wganbench
):
    # What Slurm sends before a time limit.
    process = started("train", run_id, "--checkpoint-every", "0.1")
    said = ended_by(signal.SIGTERM, process, run_id)
    checkpoint = Path("scratch/checkpoints", run_id)
    at = read_state(checkpoint / "state").facts["iteration"]
    assert said == (
        f"wganbench: SIGTERM: stopped after iteration {at}; the same command goes on from there"
    )
    assert 0 < at < 420
    code, _, errors = wganbench("train", run_id)
    assert code == 0
    assert f"{checkpoint}: goes on after iteration {at}" in errors
    assert resumed_at(run_id) == [at]
    assert digests(run_id) == uninterrupted
    assert not checkpoint.exists()


@pytest.mark.long  # under Snakemake: tests/jobs/test_crashes.py; at random moments: test_resume.py
def test_kill_9_costs_no_more_than_what_came_after_the_last_checkpoint(
    uninterrupted, run_id, wganbench
):
    process = started("train", run_id, "--checkpoint-every", "0.1")
    while not Path("scratch/checkpoints", run_id, "state").exists():
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert wganbench("train", run_id)[0] == 0
    assert len(resumed_at(run_id)) == 1
    assert digests(run_id) == uninterrupted


def test_ctrl_c_ends_run_in_one_line_and_the_same_command_goes_on(
    uninterrupted, run_id, wganbench, monkeypatch
):
    command = ("run", "long", "--no-report")
    process = started(*command, "--checkpoint-every", "0.1")
    said = ended_by(signal.SIGINT, process, run_id)
    assert "SIGINT: stopped after iteration" in said
    code, out, _ = wganbench(*command)
    assert code == 0
    assert "trained, measured fidelity, measured transport" in out
    assert digests(run_id) == uninterrupted


def test_a_checkpoint_of_other_code_is_refused_and_the_run_starts_over(
    uninterrupted, run_id, wganbench, monkeypatch
):
    from wganbench.plugins import code as code_of

    process = started("train", run_id, "--checkpoint-every", "0.1")
    ended_by(signal.SIGTERM, process, run_id)
    monkeypatch.setattr(code_of, "code_digest", lambda *modules, plugins: "changed")
    code, _, errors = wganbench("train", run_id)
    assert code == 0
    assert "/state: code: is " in errors
    assert "now changed; training starts over" in errors
    assert resumed_at(run_id) == []
    assert digests(run_id) == uninterrupted


def test_status_tells_of_a_stopped_run_that_it_goes_on(run_id, wganbench):
    log = Path("logs/train", f"{run_id}.log")
    log.parent.mkdir(parents=True)
    process = started("train", run_id, "--checkpoint-every", "0.1")
    said = ended_by(signal.SIGTERM, process, run_id)
    log.write_text(f"{run_id}: iteration 10/420, 1.0 it/s\n{said}\n")
    status = json.loads(wganbench("status", "--json")[1])
    assert (status["state"], status["note"]) == ("to do", said.removeprefix("wganbench: "))


def test_memory_that_runs_out_is_one_line_that_names_the_run(project, run_id):
    # As a job's limit does, but for the whole process: what torch has mapped, and a little more.
    script = """
import sys, resource
from pathlib import Path
import psutil, torch
from wganbench import cli
from wganbench.training import train
mapped = psutil.Process().memory_info().vms
resource.setrlimit(resource.RLIMIT_AS, (mapped + 2**27, mapped + 2**27))
cli.main()
"""
    content = LONG | {"base": LONG["base"] | {"batch_size": 65536, "critic.width": 1024}}
    write(project / "experiments", content, "long")
    listed = subprocess.run([*WGANBENCH, "plan", "--json"], capture_output=True, text=True)
    big = json.loads(listed.stdout)["id"]
    done = subprocess.run(
        [sys.executable, "-c", script, "train", big], capture_output=True, text=True
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith(f"wganbench: {big}: memory ran out; ")
    assert len(done.stderr.splitlines()) == 1
    assert not Path("results/runs", big, "run.json").exists()
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY
