"""What a real Slurm and a real head process take, by jobs that sleep, and their simulation.

    python benchmarks/sleeping_jobs.py commands        # sbatch, squeue, a job's start
    python benchmarks/sleeping_jobs.py workflow JOBS   # Snakemake with this project's profile

In the project's folder and on a cluster's login node; on a machine without Slurm, as root and with
PYTHONPATH=.:tests, on the one of the tests, whose nodes have 16 slots.
"""

import contextlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import mean, median

import psutil
import typer
import yaml
from scale_out import FINISH, PLAN, SBATCH, START, SUBMIT
from simulated_head import Head, through_head
from simulated_slurm import Job, Outcome, Slurm

SLOTS = 16  # of the tests' two nodes
PENDING = 200  # jobs in the queue while commands are timed
ROUNDS = 10
SLEPT = 3.5  # s, the mean of both rules
PROFILE = "slurm/config.yaml"
SNAKEFILE = """
from wganbench.jobs.scheduler import calm
onstart:
    calm(workflow.scheduler)
rule all:
    input: expand("second/{{i}}", i=range({count})),
rule first:
    output: "first/{{i}}"
    resources: mem_mb=100
    params: seconds=lambda wildcards: 2 + 3 * int(wildcards.i) / {count}
    shell: "sleep {{params.seconds}}; touch {{output}}"
rule second:
    input: "first/{{i}}"
    output: "second/{{i}}"
    resources: mem_mb=100
    params: seconds=lambda wildcards: 5 - 3 * int(wildcards.i) / {count}
    shell: "sleep {{params.seconds}}; touch {{output}}"
"""
app = typer.Typer(add_completion=False)


@app.command()
def commands() -> None:
    """Print what sbatch and squeue take, and how long a job waits for its start."""
    with _a_cluster(), _a_folder() as folder:
        starts = [_start_of(folder / f"start{n}") for n in range(ROUNDS)]
        typer.echo(f"from sbatch's end to the job's first instruction {_of(starts)}")
        typer.echo(f"from a job's end to the next one's first instruction {_of(_gaps(folder))}")
        calls = [_seconds(folder, *_sbatch("sleep 600")) for _ in range(PENDING)]
        typer.echo(f"sbatch, with up to {PENDING} jobs in the queue {_of(calls)}")
        asked = [
            _seconds(folder, "squeue", "--states=all", "-h", "-o", "%i|%T") for _ in range(ROUNDS)
        ]
        typer.echo(f"squeue, with {PENDING} jobs in the queue {_of(asked)}")
        _seconds(folder, "scancel", "--name", folder.name)


@app.command()
def workflow(count: int, slots: int = SLOTS) -> None:
    """Run half as many pairs of sleeping jobs through Snakemake, and the same in simulation."""
    pairs = count // 2
    with _a_cluster(), _a_folder() as folder:
        (folder / "Snakefile").write_text(SNAKEFILE.format(count=pairs))
        (folder / "slurm").mkdir()
        shutil.copy(PROFILE, folder / PROFILE)
        command = [sys.executable, "-m", "snakemake", "--cores", "8", "--profile", "slurm"]
        began = time.time()
        head = psutil.Popen([*command, "--scheduler", "greedy", "--quiet", "all"], cwd=folder)
        cpu = 0.0
        while head.poll() is None:
            with contextlib.suppress(psutil.Error):
                cpu = sum(head.cpu_times()[:2])
            time.sleep(0.2)
        seen = time.time() - began
        spans = _spans(folder)
    lengths = {name: end - begin for name, (begin, end) in spans.items()}
    first, last = min(begin for begin, _ in spans.values()), max(end for _, end in spans.values())
    beside = mean(lengths.values()) - SLEPT
    typer.echo(f"{len(spans)} jobs, each {beside:.1f} s beside its sleep; head process {cpu:.1f} s")
    typer.echo(
        f"seen: from {first - began:.0f} to {last - began:.0f} s, Snakemake's end {seen:.0f} s"
    )
    outcome = _simulated(lengths, slots)
    spans = outcome.spans
    first, last = min(begin for begin, _ in spans.values()), max(end for _, end in spans.values())
    typer.echo(
        f"simulated, with jobs as long: from {first:.0f} to {last:.0f} s, Snakemake's end "
        f"{outcome.seconds:.0f} s, {outcome.seconds / seen - 1:+.1%}"
    )


def _simulated(lengths: dict[str, float], slots: int) -> Outcome:
    """Return what comes of jobs of the same lengths in simulation."""
    profile = yaml.safe_load(Path(PROFILE).read_text())
    jobs = [
        Job(name, seconds, () if "first" in name else (name.replace("second", "first"),))
        for name, seconds in sorted(lengths.items())
    ]
    head = Head(
        jobs=profile["jobs"], plan=PLAN, submit=SUBMIT, finish=FINISH,
        first_check=profile["slurm-init-seconds-before-status-checks"],
    )  # fmt: skip
    return through_head(jobs, Slurm(slots, SBATCH, START), head)


@contextlib.contextmanager
def _a_cluster() -> Iterator[None]:
    """Use the Slurm of this machine; without one, that of the tests."""
    sinfo = shutil.which("sinfo")
    if sinfo and subprocess.run([sinfo], capture_output=True).returncode == 0:
        yield
        return
    from slurm.cluster import running_cluster

    with running_cluster():
        yield


@contextlib.contextmanager
def _a_folder() -> Iterator[Path]:
    """Yield a new folder that the nodes see."""
    scratch = Path.cwd() / "scratch"
    scratch.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sleeping-", dir=scratch) as folder:
        yield Path(folder)


def _sbatch(work: str, *options: str) -> list[str]:
    return ["sbatch", "--parsable", "--mem=10", "-o", "/dev/null", *options, "--wrap", work]


def _seconds(folder: Path, *command: str) -> float:
    if command[0] == "sbatch":
        command = ("sbatch", "--job-name", folder.name, *command[1:])
    began = time.time()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.time() - began


def _start_of(file: Path) -> float:
    """Return the seconds from sbatch's end to a job's first instruction, in an empty queue."""
    _seconds(file.parent, *_sbatch(f"date +%s.%N > {file}"))
    submitted = time.time()
    return _content(file)[0] - submitted


def _gaps(folder: Path) -> list[float]:
    """Return the seconds between jobs that wait for one another's slots."""
    file = f"{folder}/gap$SLURM_JOB_ID"
    work = f"date +%s.%N > {file}; sleep 1; date +%s.%N >> {file}"
    for _ in range(ROUNDS):
        _seconds(folder, *_sbatch(work, "--exclusive"))
    while len(files := sorted(folder.glob("gap*"))) < ROUNDS:
        time.sleep(0.5)
    spans = sorted(_content(file, lines=2) for file in files)
    return [later[0] - earlier[1] for earlier, later in pairwise(spans)]


def _content(file: Path, lines: int = 1) -> list[float]:
    """Return the times in a file, once they are there."""
    while not file.exists() or len(file.read_text().splitlines()) < lines:
        time.sleep(0.02)
    return [float(line) for line in file.read_text().splitlines()]


def _spans(folder: Path) -> dict[str, tuple[float, float]]:
    """Return begin and end, in whole seconds, of each job that was submitted from a folder."""
    command = ["squeue", "--states=all", "-h", "-o", "%k|%S|%e|%Z"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [line.split("|", 3) for line in lines]
    return {
        name: (datetime.fromisoformat(begin).timestamp(), datetime.fromisoformat(end).timestamp())
        for name, begin, end, place in rows
        if Path(place) == folder
    }


def _of(seconds: list[float]) -> str:
    return f"{1000 * median(seconds):.0f} ms (to {1000 * max(seconds):.0f})"


if __name__ == "__main__":
    app()
