"""What a whole grid takes, and which steps take it, by the operating system's own accounting.

    python benchmarks/grid.py snakemake --cores all        # in a fresh clone that is set up

Everything that the command starts counts, processes in sessions of their own too. What no job's
file of usage has is Snakemake's own process and the server that forks the jobs.
"""

import ctypes
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import typer

from wganbench.jobs.usage import COLUMNS

PR_SET_CHILD_SUBREAPER = 36  # prctl(2): whoever loses its parent becomes this process's child


def main(command: list[str]) -> int:
    """Run a command, print what it took, and return its exit code."""
    started, before = time.time(), resource.getrusage(resource.RUSAGE_CHILDREN)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    process = subprocess.Popen(command)
    code = _waited(process.pid)
    wall, after = time.time() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    steps, jobs = _of_steps(started)
    typer.echo(f"{wall:.0f} s on {os.cpu_count()} cores, {cpu:.0f} s of CPU")
    for step, seconds in steps.most_common():
        typer.echo(f"{step:>12} {seconds:8.1f} s {seconds / cpu:6.1%} {jobs[step]:5} jobs")
    rest = cpu - steps.total()
    typer.echo(f"{'the rest':>12} {rest:8.1f} s {rest / cpu:6.1%}")
    return code


def _waited(started: int) -> int:
    """Wait for all children and return the exit code of the one that was started."""
    code = 1
    while True:
        try:
            process, status = os.wait()
        except ChildProcessError:
            return code
        if process == started:
            code = os.waitstatus_to_exitcode(status)


def _of_steps(since: float) -> tuple[Counter[str], Counter[str]]:
    """Return CPU seconds and jobs of each step, by the files of usage that are new."""
    seconds: Counter[str] = Counter()
    jobs: Counter[str] = Counter()
    logs = Path("logs")
    for file in logs.rglob("*.tsv"):
        if file.stat().st_mtime >= since:
            step = file.relative_to(logs).parts[0].removesuffix(".tsv")
            row = dict(zip(COLUMNS, file.read_text().splitlines()[1].split("\t"), strict=True))
            seconds[step] += float(row["cpu_time"])
            jobs[step] += 1
    return seconds, jobs


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
