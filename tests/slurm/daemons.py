"""The processes of one cluster: its daemons, its jobs and who watches these."""

import contextlib
from collections.abc import Iterable
from pathlib import Path

import psutil


def daemon(file: Path) -> psutil.Process | None:
    """Return the daemon whose pid is in a file, unless another process got that number."""
    with contextlib.suppress(OSError, ValueError, psutil.Error):
        process = psutil.Process(int(file.read_text()))
        if process.name() in ("slurmd", "slurmctld", "munged"):
            return process
    return None


def job_processes(name: str, node: str | None = None) -> list[psutil.Process]:
    """Return the processes of a cluster's jobs, on one node or on all, and who watches them."""
    jobs, watchers = [], []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            environment = process.environ()
            here = node in (None, environment.get("SLURMD_NODENAME"))
            if environment.get("SLURM_CLUSTER_NAME") == name and here:
                jobs.append(process)
                watchers += [p for p in process.parents() if p.name() == "slurmstepd"]
    return [*watchers, *jobs]


def end(processes: Iterable[psutil.Process | None]) -> None:
    """End processes, politely and then by force, and return when they are gone."""
    left = [process for process in processes if process]
    for stop in (psutil.Process.terminate, psutil.Process.kill):
        for process in left:
            with contextlib.suppress(psutil.Error):
                stop(process)
        left = psutil.wait_procs(left, timeout=5)[1]


def kill(processes: Iterable[psutil.Process | None]) -> None:
    """Kill processes in this order, without a word, and return when they are gone."""
    dying = [process for process in processes if process]
    for process in dying:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(dying, timeout=10)


def identity(pid: int) -> str:
    """Return what tells a process from a later one with its number."""
    return f"{pid} {psutil.Process(pid).create_time()}"


def is_alive(known: str) -> bool:
    """Return whether the process that was identified so still runs."""
    with contextlib.suppress(psutil.Error, ValueError):
        return identity(int(known.split()[0])) == known
    return False
