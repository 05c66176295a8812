"""Kills with -9 under a real Snakemake whose jobs a server forks, and the command that mends it."""

import contextlib
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from conftest import ROOT
from experiment_files import example, write
from smoke_project import BIN, copy_sources
from waiting import until

from wganbench.files import sha256_of
from wganbench.operations import processes

pytestmark = pytest.mark.workflow

# Two trainings of some seconds, side by side.
LONG = example(
    base={"generator.width": 32, "critic.width": 32, "iterations": 400, "evaluations": 4,
          "samples": 50, "log_every": 100},
    grid=[{"method": ["wgan", "wgan-gp"]}],
)  # fmt: skip
PARTS = ("the server", "a client", "a job")
FILES = ("curves.parquet", "samples.npz", "networks.safetensors", "transport.parquet")


def made(folder: Path) -> Path:
    copy_sources(ROOT, folder)
    for file in (folder / "experiments").iterdir():
        file.unlink()
    write(folder / "experiments", LONG, "long")
    (folder / "params.yaml").write_text("scale: smoke\n")
    return folder


@pytest.fixture
def project(tmp_path) -> Iterator[Path]:
    folder = made(tmp_path / "a project")
    yield folder
    for process in inside(folder):
        process.kill()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> dict[str, str]:
    """Return the digests of what one process makes, without Snakemake and without a crash."""
    folder = made(tmp_path_factory.mktemp("undisturbed"))
    command = [BIN / "wganbench", "run", "long", "--no-report"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return digests(folder)


def digests(folder: Path) -> dict[str, str]:
    found = sorted((folder / "results/runs/long").glob("*/*"))
    return {f"{f.parent.name}/{f.name}": sha256_of(f) for f in found if f.name in FILES}


def inside(folder: Path) -> list[psutil.Process]:
    """Return the processes at work in a folder."""
    return [p for p in psutil.process_iter(["cwd"]) if p.info["cwd"] == str(folder)]


def at_work(folder: Path) -> subprocess.Popen[bytes]:
    """Start Snakemake and return when it is in the middle of both trainings."""
    command = [BIN / "snakemake", "runs", "--cores", "2", "--quiet"]
    snakemake = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)
    locks = folder / "scratch/locks/long"
    until(lambda: len(list(locks.glob("*/train.holder"))) == 2 or snakemake.poll() is not None)
    time.sleep(0.5)
    assert snakemake.poll() is None
    assert not list((folder / "results/runs").rglob("run.json"))
    return snakemake


def parts(folder: Path) -> dict[str, psutil.Process]:
    """Return one process of each kind: the server, a job that it forked, a job's client."""
    found: dict[str, psutil.Process] = {}
    for process in inside(folder):
        with contextlib.suppress(psutil.Error):
            command, parent = process.cmdline(), process.parent()
            is_forked = parent is not None and parent.cmdline() == command
            if "wganbench.jobs.server" in command:
                found["a job" if is_forked else "the server"] = process
            elif processes.is_job(command) and "bash" not in command[0]:
                found["a client"] = process
    return found


@pytest.mark.parametrize(
    "killed",
    # What becomes of the others where one of these is killed: test_server.py.
    ["Snakemake", *(pytest.param(p, marks=pytest.mark.long) for p in PARTS)],
)
def test_after_kill_9_recover_goes_on_to_the_same_bytes_and_nothing_is_left(
    project, undisturbed, killed
):
    snakemake = at_work(project)
    (psutil.Process(snakemake.pid) if killed == "Snakemake" else parts(project)[killed]).kill()
    assert snakemake.wait(timeout=120) != 0
    command = [BIN / "wganbench", "recover", "runs", "--cores", "2"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert digests(project) == undisturbed
    until(lambda: inside(project) == [])
