"""What Snakemake's own process takes of a core while many trivial jobs finish.

python benchmarks/head.py JOBS
"""

import sys
import tempfile
import time
from pathlib import Path

import psutil
import typer

SNAKEFILE = """
from wganbench.jobs.scheduler import calm
onstart:
    calm(workflow.scheduler)
rule all:
    input: expand("made/{{i}}", i=range({count}))
rule one:
    output: "made/{{i}}"
    shell: "sleep {seconds}; touch {{output}}"
"""
SECONDS = 0.2  # of a job
PARTS = 10


def main(count: int) -> None:
    """Run so many jobs, two at a time, and print the share of a core in each tenth of them."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "Snakefile").write_text(SNAKEFILE.format(count=count, seconds=SECONDS))
        command = [sys.executable, "-m", "snakemake", "--cores", "2", "--quiet", "all"]
        head = psutil.Popen([*command, "--scheduler", "greedy"], cwd=folder)
        before, cpu_before = time.time(), 0.0
        for part in range(1, PARTS + 1):
            now, cpu = before, cpu_before
            while head.poll() is None and _count(Path(folder, "made")) < part * count // PARTS:
                now, cpu = time.time(), _cpu(head)
                time.sleep(0.2)
            share = (cpu - cpu_before) / max(now - before, 1)
            typer.echo(f"{part * count // PARTS:6} jobs {cpu:8.1f} s of CPU {share:6.1%} of a core")
            before, cpu_before = now, cpu
        head.wait()


def _count(folder: Path) -> int:
    return sum(1 for _ in folder.iterdir()) if folder.exists() else 0


def _cpu(process: psutil.Process) -> float:
    """Return a process's own CPU seconds, threads included, those that it waited for not."""
    times = process.cpu_times()
    return float(times.user + times.system)


if __name__ == "__main__":
    main(int(sys.argv[1]))
