"""A tiny real job: does a compute node see this folder and this Python?"""

import shlex
import shutil
import sys
import tempfile
import time
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


def probe(folder: Path, options: list[str], device: str, seconds: float) -> str:
    """Submit a job that uses the folder, this Python and the device, and remove its traces.

    Returns:
        What went wrong; nothing if all went well.
    """
    parent = folder / ".snakemake"
    parent.mkdir(exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="slurm-check-", dir=parent))
    job = None
    try:
        (home / "token").write_text(home.name)
        job = _submit(home, options, device)
        return _outcome(home, job, device, seconds)
    except UserError as error:
        return str(error)
    finally:
        if job:
            cancel([Job(job, "", "")])
        shutil.rmtree(home, ignore_errors=True)


def _submit(home: Path, options: list[str], device: str) -> str:
    python = shlex.join([sys.executable, "-c", PYTHON, device])
    (home / "script").write_text(f"#!/bin/sh\ncp token seen && exec {python}\n")
    answer = answer_of(
        "sbatch",
        "--parsable",
        f"--job-name={PREFIX}-check",
        f"--chdir={home}",
        f"--output={home / 'log'}",
        "--export=ALL",
        "--time=5",
        "--mem=2000",
        "--ntasks=1",
        *options,
        str(home / "script"),
    )
    return answer[-1].partition(";")[0] if answer else ""


def _outcome(home: Path, job: str, device: str, seconds: float) -> str:
    state = _wait(job, seconds)
    if state:
        return f"the test job {state} after {seconds:g} s"
    if _appears(home / "answer"):
        return ""
    log = home / "log"
    lines = log.read_text(errors="rehome").strip().splitlines() if log.exists() else []
    because = f": {lines[-1]}" if lines else ""
    if not (home / "seen").exists():
        return f"a compute node does not see {home.parent.parent}{because}"
    needs = f"{sys.executable} with wganbench" + (" and CUDA" if device == "cuda" else "")
    return f"{needs} does not work on a compute node{because}"


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
