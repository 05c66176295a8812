"""Which processes on this machine work in a folder: a live Snakemake, or what a dead one left."""

import contextlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import psutil

from wganbench.plan.steps import STEPS

# What the rules call. `recover`, `status` and the like write no product.
NAMES = [step.name for step in STEPS]
PYTHON = re.compile(r"python[\d.]*$")
# Snakemake's shell for a rule: the Snakefile's shell.prefix, then the command.
IN_SHELL = re.compile(rf"(?:^|[;&|\n])\s*(?:\w+=\S+ )?wganbench (?:{'|'.join(NAMES)})\b")
# Who adopts the children of a process that was killed.
ADOPTERS = {"systemd", "init", "slurmstepd"}
# What stands between Slurm and a job's Snakemake on a node that is this machine too.
SLURM_SHELLS = {"slurm_script", "srun"}
GRACE_SECONDS = 10.0


def live_snakemakes(folder: Path) -> list[psutil.Process]:
    """Return the Snakemakes that a person started in a folder and that still run."""
    return [p for p in _inside(folder) if is_main_snakemake(command_of(p))]


def job_processes(folder: Path) -> list[psutil.Process]:
    """Return the processes of a folder that do one step of the workflow."""
    return [p for p in _inside(folder) if is_job(command_of(p))]


def command_of(process: psutil.Process) -> list[str]:
    """Return a process's command line; nothing of one that has ended or is another user's."""
    with contextlib.suppress(psutil.Error):
        return list(process.cmdline())
    return []


def starter(process: psutil.Process) -> psutil.Process | None:
    """Return the living process that started a job and will miss it, or None for an orphan."""
    with contextlib.suppress(psutil.Error):
        for parent in process.parents():
            if parent.pid == 1 or parent.name() in ADOPTERS:
                return None
            if not is_job(command_of(parent)) and parent.name() not in SLURM_SHELLS:
                return parent
    return None


def end(processes: Iterable[psutil.Process], grace: float = GRACE_SECONDS) -> None:
    """End processes and all that they started: politely, then after a while by force."""
    left: dict[int, psutil.Process] = {}
    for process in processes:
        with contextlib.suppress(psutil.Error):
            left |= {p.pid: p for p in [process, *process.children(recursive=True)]}
    for pid in _own_line():
        left.pop(pid, None)
    waiting = list(left.values())
    for stop in (psutil.Process.terminate, psutil.Process.kill):
        for process in waiting:
            with contextlib.suppress(psutil.Error):
                stop(process)
        waiting = psutil.wait_procs(waiting, timeout=grace)[1]


def is_main_snakemake(command: Sequence[str]) -> bool:
    """Return whether a command line is Snakemake's own and not that of one of its jobs."""
    return _program(command)[:1] == ["snakemake"] and not _has_mode(command)


def is_job(command: Sequence[str]) -> bool:
    """Return whether a command line does a step of the workflow, or is the shell around one."""
    match _program(command):
        case ["snakemake", *_]:
            return _has_mode(command)
        case ["bash", "-c", _]:
            return bool(IN_SHELL.search(command[2]))
        case ["wganbench", name, *_]:
            return name in NAMES
        case ["wganbench.jobs.server", *_]:  # or a job that it forked
            return True
    return False


def _program(command: Sequence[str]) -> list[str]:
    """Return a command's first words without folders, and without a Python that runs a program."""
    words = [Path(word).name for word in command[:3]]
    if words and PYTHON.match(words[0]):
        words = words[2:] if words[1:2] == ["-m"] else words[1:]
    return words


def _has_mode(command: Sequence[str]) -> bool:
    """Return whether Snakemake was started by Snakemake, to run one job: with `--mode`."""
    return any(word.partition("=")[0] == "--mode" for word in command)


def _inside(folder: Path) -> Iterator[psutil.Process]:
    """Yield the processes whose working directory is the folder, but for this one's own line."""
    here = str(folder.resolve())
    spared = _own_line()
    for process in psutil.process_iter(["cwd", "status"]):
        is_alive = process.info["status"] != psutil.STATUS_ZOMBIE
        if process.info["cwd"] == here and is_alive and process.pid not in spared:
            yield process


def _own_line() -> set[int]:
    """Return this process and its ancestors: make, a shell, DVC, a test."""
    this = psutil.Process(os.getpid())
    return {this.pid, *(parent.pid for parent in this.parents())}
