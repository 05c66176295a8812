"""`wganbench recover`: clear away what a crash left behind, then go on.

`kill -9` of Snakemake leaves its Slurm jobs and its local processes running, its lock in place and
temporary files about. Started again it would submit a second job for a run that the first still
writes. So everything that still works in the folder ends before Snakemake starts again; what is
finished stays.
"""

import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

import psutil

from wganbench.errors import UserError
from wganbench.operations import processes, slurm

PRODUCTS = ("data", "results", "reports")
LOCKS = Path(".snakemake/locks")
LOGS = Path(".snakemake/log")
# With one of these, how many cores or jobs there are is the user's affair or the profile's.
CORES = re.compile(r"--(cores|jobs|profile)(=.*)?|-[cj]\d*|-[cj]all")


def recover(folder: Path, dry_run: bool = False, any_host: bool = False) -> Iterator[str]:
    """End what still works in the folder and remove what a crash left; yield what is done.

    Somebody at work there is left alone, with a UserError; so is, without `any_host`, a folder
    where the last Snakemake ran on another machine.
    """
    refuse_if_at_work(folder)
    if not any_host:
        refuse_if_elsewhere(folder)
    for lines, clear_away in _remains(folder):
        yield from lines
        if not dry_run:
            clear_away()


def _remains(folder: Path) -> Iterator[tuple[list[str], Callable[[], None]]]:
    """Yield what a crash left, one kind after the other, with what clears it away."""
    if jobs := slurm.jobs_of(folder):
        named = [f"{job.id} ({job.run or job.comment}, {job.state.lower()})" for job in jobs]
        yield [f"cancelling Slurm job {name}" for name in named], partial(slurm.cancel, jobs)
    orphans = processes.job_processes(folder)
    yield [f"ending {_title(process)}" for process in orphans], partial(processes.end, orphans)
    for path in partial_files(folder):
        yield [f"removing {path.relative_to(folder)}"], partial(path.unlink, missing_ok=True)
    if is_locked(folder):
        yield ["unlocking the folder"], partial(_unlock, folder)


def go_on(arguments: Sequence[str]) -> NoReturn:
    """Become Snakemake with the user's arguments: its output, its signals, its exit code."""
    command = snakemake_command(arguments, os.environ.get("SNAKEMAKE_PROFILE", ""))
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


def snakemake_command(arguments: Sequence[str], profile: str = "") -> list[str]:
    """Return Snakemake's command line; on all cores unless told otherwise."""
    is_given = profile or any(map(CORES.fullmatch, arguments))
    cores = [] if is_given else ["--cores", "all"]
    return [sys.executable, "-m", "snakemake", *cores, *arguments]


def refuse_if_at_work(folder: Path) -> None:
    """Refuse a folder where a Snakemake works, or a step that somebody started by hand."""
    for process in processes.live_snakemakes(folder):
        raise UserError(
            f"Snakemake, process {process.pid}, is working in this folder: let it end, or stop it "
            f"with `kill {process.pid}`"
        )
    for process in processes.job_processes(folder):
        if starter := processes.starter(process):
            raise UserError(
                f"{_title(process)}, started by process {starter.pid}, is working in this folder: "
                "let it end, or stop it"
            )


def refuse_if_elsewhere(folder: Path) -> None:
    """Refuse a lock of a Snakemake on another machine, which we cannot see."""
    if is_locked(folder) and (host := last_host(folder)) not in ("", platform.node()):
        raise UserError(
            f"the last Snakemake in this folder ran on {host}: recover there, or add --any-host if "
            "it runs there no more"
        )


def refuse_if_locked(folder: Path) -> None:
    """Refuse a folder that a Snakemake holds, on whatever machine, or died holding."""
    if is_locked(folder):
        raise UserError(
            "a Snakemake holds this folder's lock: wait for it to end or, if it was killed, run "
            "`wganbench recover`"
        )


def last_host(folder: Path) -> str:
    """Return the machine that the newest of Snakemake's logs, by its name, is of, if one is."""
    newest = max((folder / LOGS).glob("*.snakemake.log"), default=None)
    text = newest.read_text(errors="replace") if newest else ""
    return next(iter(re.findall(r"^ *Host: (\S+)$", text, re.M)), "")


def is_locked(folder: Path) -> bool:
    """Return whether a Snakemake holds the folder, or died holding it."""
    return any((folder / LOCKS).glob("*"))


def partial_files(folder: Path) -> list[Path]:
    """Return the temporary files of writers that never came to rename them."""
    return sorted(path for name in PRODUCTS for path in (folder / name).rglob(".*.partial"))


def _title(process: psutil.Process) -> str:
    """Return a process as people know it: without the path of the Python that runs it."""
    words = processes.command_of(process)
    shown = " ".join(words[-1].split() if words[1:2] == ["-c"] else map(_last_part, words))
    found = re.search(r"(wganbench|snakemake) .*", shown)
    return f"`{(found[0] if found else shown)[:80]}`, process {process.pid}"


def _last_part(word: str) -> str:
    return Path(word).name if word.startswith("/") else word


def _unlock(folder: Path) -> None:
    command = [sys.executable, "-m", "snakemake", "--unlock"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise UserError(f"snakemake --unlock failed: {lines[-1] if lines else done.returncode}")
