"""A tiny real job: does a compute node see this folder and this Python?"""

import shlex
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from wganbench.errors import UserError
from wganbench.operations.slurm import PREFIX, Job, answer_of, cancel

POLL_SECONDS = 0.5
NETWORK_SECONDS = 15  # that a network file system may take to show what a node wrote
ALIVE = {"PENDING", "CONFIGURING", "RUNNING", "COMPLETING", "SUSPENDED", "REQUEUED", "RESIZING"}

PYTHON = """
import sys
from pathlib import Path
import wganbench
if sys.argv[1] == "cuda":
    import torch
    torch.zeros(1, device="cuda")
Path("answer").write_text(Path("token").read_text())
"""


@dataclass(frozen=True)
class Probe:
    """How far a probe came: "" if all went well, else what went wrong."""

    started: bool  # whether the job ran at all within the time
    problem: str


def probe(folder: Path, options: list[str], device: str, seconds: float) -> Probe:
    """Submit a job that uses the folder, this Python and the device, and remove its traces."""
    parent = folder / ".snakemake"
    parent.mkdir(exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="slurm-check-", dir=parent))
    job = None
    try:
        (place / "token").write_text(place.name)
        job = _submit(place, options, device)
        return _outcome(place, job, device, seconds)
    except UserError as error:
        return Probe(started=False, problem=str(error))
    finally:
        if job:
            cancel([Job(job, "", "")])
        shutil.rmtree(place, ignore_errors=True)


def _submit(place: Path, options: list[str], device: str) -> str:
    python = shlex.join([sys.executable, "-c", PYTHON, device])
    (place / "script").write_text(f"#!/bin/sh\ncp token seen && exec {python}\n")
    answer = answer_of(
        "sbatch",
        "--parsable",
        f"--job-name={PREFIX}-check",
        f"--chdir={place}",
        f"--output={place / 'log'}",
        "--export=ALL",
        "--time=5",
        "--mem=2000",
        "--ntasks=1",
        *options,
        str(place / "script"),
    )
    return answer[-1].partition(";")[0] if answer else ""


def _outcome(place: Path, job: str, device: str, seconds: float) -> Probe:
    state = _wait(job, seconds)
    if state:
        return Probe(started=False, problem=f"the test job {state} after {seconds:g} s")
    if _appears(place / "answer"):
        return Probe(started=True, problem="")
    log = place / "log"
    said = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    if not (place / "seen").exists():
        return Probe(True, f"a compute node does not see {place.parent.parent}{_because(said)}")
    needs = f"{sys.executable} with wganbench" + (" and CUDA" if device == "cuda" else "")
    return Probe(True, f"{needs} does not work on a compute node{_because(said)}")


def _wait(job: str, seconds: float) -> str:
    """Return nothing when the job has ended, or what it is still doing when the time is up."""
    until = time.monotonic() + seconds
    while True:
        lines = answer_of("squeue", "--me", "-h", "-o", "%i|%T|%r")
        states = [line.split("|")[1:] for line in lines if line.startswith(f"{job}|")]
        if not states or states[0][0] not in ALIVE:
            return ""
        if time.monotonic() > until:
            return f"is {states[0][0].lower()} ({states[0][1]})"
        time.sleep(POLL_SECONDS)


def _appears(path: Path) -> bool:
    until = time.monotonic() + (NETWORK_SECONDS if not path.with_name("log").exists() else 2)
    while not path.exists():
        if time.monotonic() > until:
            return False
        list(path.parent.iterdir())  # makes NFS look again
        time.sleep(POLL_SECONDS)
    return True


def _because(said: list[str]) -> str:
    return f": {said[-1]}" if said else ""
