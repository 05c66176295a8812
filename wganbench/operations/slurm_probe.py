"""Tiny real jobs: does a compute node see this folder, this Python, this machine's locks, a GPU?"""

import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from wganbench.errors import UserError
from wganbench.locks import writing
from wganbench.operations import slurm_node
from wganbench.operations.slurm import PREFIX, Job, answer_of, cancel, comes_true
from wganbench.operations.slurm_cuda import cuda_problem, gpu_in_words
from wganbench.operations.slurm_finding import Finding, judged
from wganbench.operations.slurm_jobs import Jobs
from wganbench.operations.slurm_node import Seen

NETWORK_SECONDS = 15  # that a network file system may take to show what a node wrote
ALIVE = {"PENDING", "CONFIGURING", "RUNNING", "COMPLETING", "SUSPENDED", "REQUEUED", "RESIZING"}
SMALL = ("--time=5", "--mem=2000", "--cpus-per-task=1")  # sbatch takes what is said last

UNLOCKED = (
    "a lock that this machine holds does not keep a compute node out, so two processes could write "
    "one run: use a file system whose locks (flock) hold across nodes (docs/workflow.md)"
)


class WaitingError(UserError):
    """The test job has not had its turn."""


def probes(jobs: Jobs, folder: Path, seconds: float) -> Iterator[Finding]:
    """Try a job without a GPU and one with, as far as the rules ask for them."""
    rules = {"cuda" if jobs.profile.gpus(need)[0] else "cpu": need for need in jobs.needs}
    for device, need in sorted(rules.items(), reverse=True):
        name = "test job with GPU" if device == "cuda" else "test job"
        try:
            seen = probe(folder, jobs.profile.options(need), device, seconds)
        except WaitingError as error:
            yield Finding(name, "unknown", str(error))
        except UserError as error:
            yield Finding(name, "missing", str(error))
        else:
            yield _judged(name, seen)


def probe(folder: Path, options: list[str], device: str, seconds: float) -> Seen:
    """Submit a job that uses the folder, this Python and the device, and remove its traces.

    Raises:
        WaitingError: it did not have its turn within so many seconds.
        UserError: it was refused, or saw too little to tell.
    """
    parent = folder / ".snakemake"
    parent.mkdir(exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="slurm-check-", dir=parent))
    job = None
    try:
        (home / "token").write_text(home.name)
        run, step = slurm_node.LOCK
        with writing(run, (step,), home / slurm_node.LOCKS):
            job = _submit(home, options, device)
            return _outcome(home, job, seconds)
    finally:
        if job:
            cancel([Job(job, "", "")])
        shutil.rmtree(home, ignore_errors=True)


def _judged(name: str, seen: Seen) -> Finding:
    if not seen.keeps_out:
        return Finding(name, "missing", UNLOCKED)
    note = f"{seen.node} sees this folder and its locks, and runs this Python"
    if not seen.gpu:
        return Finding(name, "ok", note)
    problem = cuda_problem(seen.gpu)
    return judged(name, problem and f"{seen.node}: {problem}", f"{note}; {gpu_in_words(seen.gpu)}")


def _submit(home: Path, options: list[str], device: str) -> str:
    python = shlex.join([sys.executable, "-m", slurm_node.__name__, device])
    (home / "script").write_text(f"#!/bin/sh\ncp token seen && exec {python}\n")
    answer = answer_of(
        "sbatch",
        "--parsable",
        f"--job-name={PREFIX}-check",
        f"--chdir={home}",
        f"--output={home / 'log'}",
        "--export=ALL",
        "--ntasks=1",
        *options,
        *SMALL,
        str(home / "script"),
    )
    return answer[-1].partition(";")[0] if answer else ""


def _outcome(home: Path, job: str, seconds: float) -> Seen:
    log, answer = home / "log", home / slurm_node.ANSWER
    if not comes_true(lambda: not _state(job), seconds) and (state := _state(job)):
        kind = WaitingError if state.startswith("pending") else UserError
        raise kind(f"the test job is {state} after {seconds:g} s")
    if comes_true(lambda: _is_there(answer), 2 if log.exists() else NETWORK_SECONDS):
        return slurm_node.read(answer.read_text())
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    because = f": {lines[-1]}" if lines else ""
    if not (home / "seen").exists():
        raise UserError(f"a compute node does not see {home.parent.parent}{because}")
    raise UserError(f"{sys.executable} with wganbench does not work on a compute node{because}")


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
