"""The project's real workflow in a folder of its own, through the test Slurm."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import yaml
from conftest import ROOT

from slurm.witness import witnessed
from wganbench.files import sha256_of
from wganbench.operations import slurm as queue

SOURCES = ("Snakefile", "pipelines", "params.yaml", "profiles", "slurm")
EXPERIMENT = "experiments/wgan-fig2.yaml"  # two runs on one data set
BYTES = ("curves.parquet", "samples.npz", "networks.safetensors")
# A training of some seconds: time enough to see it run and to break it off.
ITERATIONS = 600
PATIENCE = 300  # seconds: other tests may keep the machine busy
SNAKEMAKE = [sys.executable, "-m", "snakemake"]
BIN = Path(sys.executable).parent
THROUGH_SLURM = ["--cores", "8", "--profile", "slurm"]
SMOKE = ["--config", "scale=smoke"]
# Snakemake's Slurm jobs do not quote it; `wganbench slurm check` says so.
plain_path = pytest.mark.skipif(" " in sys.executable, reason="the path of this Python has a space")


def project(folder: Path) -> Path:
    """Copy the project, with one experiment, and the profile with a test's short waits."""
    (folder / "experiments").mkdir(parents=True)
    for name in SOURCES:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name)
    experiment = yaml.safe_load((ROOT / EXPERIMENT).read_text())
    experiment["scales"]["smoke"]["set"]["iterations"] = ITERATIONS
    (folder / EXPERIMENT).write_text(yaml.safe_dump(experiment, sort_keys=False))
    profile = folder / "slurm/config.yaml"
    settings = yaml.safe_load(profile.read_text())
    settings |= {"slurm-init-seconds-before-status-checks": 2, "latency-wait": 5}
    profile.write_text(yaml.safe_dump(settings))
    return folder


def start(folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start Snakemake in a folder, with a witness of its trainings."""
    with (folder / "said").open("a") as output:
        return subprocess.Popen(
            [*SNAKEMAKE, *arguments], cwd=folder, env=os.environ | witnessed(folder) | environment,
            stdout=output, stderr=output, text=True,
        )  # fmt: skip


def finish(folder: Path, snakemake: subprocess.Popen[str], seconds: float = 400) -> None:
    """Wait for a Snakemake, which has to succeed."""
    assert snakemake.wait(seconds) == 0, said(folder)


def said(folder: Path) -> str:
    """Return the end of what Snakemake said."""
    return (folder / "said").read_text()[-5000:]


def work(folder: Path, array: str, *options: str) -> str:
    """Submit an array of workers, with a witness of their trainings; return its number."""
    command = shlex.join([str(BIN / "wganbench"), "run", "wgan-fig2", "--scale", "smoke",
                          "--worker", "--no-report", *options])  # fmt: skip
    submit = ["sbatch", "--parsable", f"--array={array}", "--requeue", "-c", "1", "--mem=2G",
              "-o", "worker-%a.log", "--open-mode=append", "--wrap", command]  # fmt: skip
    done = subprocess.run(
        submit, cwd=folder, env=os.environ | witnessed(folder), check=True, capture_output=True,
        text=True,
    )  # fmt: skip
    return done.stdout.strip()


def has_ended(job: str) -> bool:
    """Return whether nothing of a job or an array waits or runs any more."""
    return not subprocess.run(["squeue", "-h", "-j", job], capture_output=True, text=True).stdout


def jobs(folder: Path) -> list[tuple[str, str, str]]:
    """Return rule, run and state of every job that was ever submitted from a folder."""
    command = ["squeue", "--states=all", "-h", "-o", "%T|%k|%Z"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [line.split("|", 2) for line in lines]
    return [
        (re.sub(r"^rule_|_wildcards.*", "", comment), queue.Job("", "", comment).run, state)
        for state, comment, place in rows
        if Path(place) == folder
    ]


def training(folder: Path) -> list[queue.Job]:
    """Return the two training jobs once both are really at it, not just starting Python."""
    logs = folder / "logs/train"
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = [job for job in queue.jobs_of(folder) if job.comment.startswith("rule_train")]
        begun = list(logs.rglob("*.log")) if logs.exists() else []
        if len(found) == 2 and {job.state for job in found} == {"RUNNING"} and len(begun) == 2:
            return found
        time.sleep(0.1)
    raise AssertionError(said(folder))


def come_back(folder: Path, partition: str = "main") -> None:
    """Let Slurm put a project's jobs back into the queue."""
    profile = folder / "slurm/config.yaml"
    settings = yaml.safe_load(profile.read_text())
    del settings["slurm-no-requeue"]
    settings["slurm-requeue"] = True
    settings["default-resources"]["slurm_partition"] = partition
    profile.write_text(yaml.safe_dump(settings))


def wait_for_iterations(run: str) -> None:
    """Wait until a run's process is past its start: it then catches the signal that Slurm sends."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for process in psutil.process_iter(["cmdline"]):
            if {"train", run} <= set(process.info["cmdline"] or []):
                status = Path(f"/proc/{process.pid}/status").read_text()
                caught = int(re.search(r"SigCgt:\s*(\w+)", status)[1], 16)
                if caught >> (signal.SIGTERM - 1) & 1:
                    return
        time.sleep(0.05)
    raise AssertionError(f"{run} has not begun")


def runs(folder: Path) -> dict[str, dict[str, str]]:
    """Return the digests of every run's files by the run's name."""
    found = {record.parent for record in (folder / "results").rglob("run.json")}
    return {run.name: {name: sha256_of(run / name) for name in BYTES} for run in found}


def resumed(folder: Path) -> dict[str, int]:
    """Return how often each run went on from a checkpoint."""
    records = {path.parent.name: path for path in (folder / "results").rglob("run.json")}
    return {
        run: len(json.loads(path.read_text())["timings"]["resumed_at"])
        for run, path in records.items()
    }
