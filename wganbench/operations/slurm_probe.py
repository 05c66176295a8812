"""A tiny real job: does a compute node see this folder, this Python and this machine's locks?"""

import shlex
import shutil
import sys
import tempfile
from pathlib import Path

from wganbench.errors import UserError
from wganbench.locks import writing
from wganbench.operations.slurm import PREFIX, Job, answer_of, cancel, comes_true

NETWORK_SECONDS = 15  # that a network file system may take to show what a node wrote
ALIVE = {"PENDING", "CONFIGURING", "RUNNING", "COMPLETING", "SUSPENDED", "REQUEUED", "RESIZING"}

UNLOCKED = (
    "a lock that this machine holds does not keep a compute node out, so two processes could write "
    "one run: use a file system whose locks (flock) hold across nodes (docs/workflow.md)"
)
PYTHON = """
import sys
from pathlib import Path
from wganbench.locks import is_written
if sys.argv[1] == "cuda":
    import torch
    torch.zeros(1, device="cuda")
is_kept_out = is_written("held", "here", Path("locks"))
Path("answer").write_text("kept out" if is_kept_out else "let in")
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
        with writing("held", ("here",), home / "locks"):
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
    log = home / "log"
    if not comes_true(lambda: not _state(job), seconds) and (state := _state(job)):
        return f"the test job is {state} after {seconds:g} s"
    if comes_true(lambda: _is_there(home / "answer"), 2 if log.exists() else NETWORK_SECONDS):
        return "" if (home / "answer").read_text() == "kept out" else UNLOCKED
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    because = f": {lines[-1]}" if lines else ""
    if not (home / "seen").exists():
        return f"a compute node does not see {home.parent.parent}{because}"
    needs = f"{sys.executable} with wganbench" + (" and CUDA" if device == "cuda" else "")
    return f"{needs} does not work on a compute node{because}"


def _state(job: str) -> str:
    """Return what the job is still doing and why; nothing when it has ended."""
    for line in answer_of("squeue", "--me", "-h", "-o", "%i|%T|%r"):
        number, state, reason = line.split("|", 2)
        if number == job and state in ALIVE:
            return f"{state.lower()} ({reason})"
    return ""


def _is_there(path: Path) -> bool:
    list(path.parent.iterdir())  # makes NFS look again
    return path.exists()
