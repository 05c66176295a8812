"""What a simulated Slurm makes of hundreds of runs, through a head process and through workers.

    python benchmarks/scale_out.py

Prints the tables of docs/scale-out.md. Seconds are of an idle machine; each stands with its source.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import typer
import yaml
from run_lengths import Length, lengths
from simulated_head import Head, through_head
from simulated_slurm import Job, Outcome, Slurm, ideal
from simulated_workers import Run, Worker, through_workers

SCALE, COUNTS = "gpu", (300, 2000)
NODES, SLOTS_OF_A_NODE = (8, 64), 8
PROFILE = Path("slurm/config.yaml")
DEVICES = ("auto", "cuda")
LONG = 1800.0  # s of a training
CASE = ("runs", "nodes")
DETAILS = ("jobs", "slots at work", "held beside", "head's own s", "ms a job", "of a core")

# sleeping_jobs.py commands, on the Slurm 22.05 of the tests: 3 s in an empty queue, else 2 s.
SBATCH, START = 0.01, 2.0
# head_at_scale.py with 400 and 1,200 runs: CPU seconds of the head process. A choice is taken to
# cost as much as the plan.
PLAN, PLAN_OF_A_RUN, SUBMIT, FINISH, LOOK = 2.0, 0.0048, 0.0044, 0.0044, 5e-6
# The same: a Slurm job starts two Snakemakes, which plan all runs.
SNAKEMAKE, SNAKEMAKE_OF_A_RUN = 3.4, 0.0004
# results.md: a step's own imports.
IMPORTS = {
    "data": 0.48, "extractor": 2.51, "train": 2.25, "transport": 0.82, "fidelity": 2.51,
    "codes": 2.51, "nets": 2.51, "unlabelled": 2.51, "choose": 0.82, "summary": 0.82,
    "claims": 0.80, "report": 2.16,
}  # fmt: skip
# A worker imports these once. It looks at the files of each run until it finds one to do: 0.2 ms of
# CPU where there are none, 3 ms where a run of scale desk was done.
WORKER = sum(IMPORTS[step] for step in ("train", "transport", "fidelity"))
LOOK_AT_A_RUN = 0.003
# Logs of scale desk, two cores of an EPYC: a data set, an extractor; and of each of 671 runs.
DATA, EXTRACTOR, CHOOSE = 1.0, 10.0, 1.0
OF_ALL = {"summary": 5.8 / 671, "claims": 19.3 / 671, "report": 59.2 / 671}


@dataclass(frozen=True)
class Way:
    """A way of running a grid: by a head process, or by as many workers as there are slots."""

    name: str
    is_head: bool = True
    jobs_of_a_slot: int = 0
    """In the queue at once; 0 for the profile's limit."""
    longest_first: bool = False
    """Whether the experiments with the longest runs are first."""
    arrays: int = 1
    """Of workers; of two the first has the experiments with long runs."""


WAYS = (
    Way("head, the profile's `jobs`"),
    Way("head, 2 jobs a slot", jobs_of_a_slot=2),
    Way("and longest first", jobs_of_a_slot=2, longest_first=True),
    Way("workers", is_head=False),
    Way("workers, longest first", is_head=False, longest_first=True),
    Way("workers, long ones in an array before", is_head=False, longest_first=True, arrays=2),
)


def main() -> None:
    """Print two tables for each choice of the device."""
    for device in DEVICES:
        times, details = [], []
        for count in COUNTS:
            runs, sources = lengths(SCALE, count, device)
            for nodes in NODES:
                line, of_ways = _lines(runs, nodes)
                times.append(line)
                details += of_ways
        typer.echo(f"\n`device: {device}`; of {count} runs {dict(sources)}\n")
        _table([*CASE, "work, h", "longest, min", "ideal, min", *(w.name for w in WAYS)], times)
        _table([*CASE, "", *DETAILS], details)


def _table(headings: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    for cells in (headings, ["---"] * len(headings), *lines):
        typer.echo(f"| {' | '.join(cells)} |")
    typer.echo()


def _lines(runs: Sequence[Length], nodes: int) -> tuple[list[str], list[list[str]]]:
    """Return a line with the times of all ways, and for each a line with its details."""
    slots = nodes * SLOTS_OF_A_NODE
    of_runs, of_all = [*_jobs(runs, beside=False)], _gathering(runs, beside=False)
    work = sum(job.seconds for job in (*of_runs, *of_all))
    best = ideal(of_runs, slots) + ideal(of_all, slots)
    longest = max(run.train for run in runs)
    case = [f"{len(runs):,}", str(nodes)]
    line = [*case, f"{work / 3600:.0f}", f"{longest / 60:.0f}", f"{best / 60:.0f}"]
    details = []
    for way in WAYS:
        outcome = simulated(runs, slots, way)
        line.append(f"{outcome.seconds / 60:.0f} ({best / outcome.seconds:.0%})")
        details.append([*case, way.name, *_details(outcome, work, slots)])
    return line, details


def _details(outcome: Outcome, work: float, slots: int) -> list[str]:
    """Return jobs, shares of the slots' time, and what the head process itself takes."""
    held = sum(end - begin for begin, end in outcome.spans.values())
    everything = outcome.seconds * slots
    jobs, own = len(outcome.spans), outcome.busy
    return [
        f"{jobs:,}", f"{work / everything:.0%}", f"{max(held - work, 0) / everything:.0%}",
        f"{own:.0f}", f"{1000 * own / jobs:.0f}", f"{own / outcome.seconds:.1%}",
    ]  # fmt: skip


def simulated(runs: Sequence[Length], slots: int, way: Way) -> Outcome:
    """Return what comes of some runs by a way."""
    longest = _longest(runs)
    if way.longest_first:
        runs = sorted(runs, key=lambda run: -longest[run.experiment])
    slurm = Slurm(slots, SBATCH, START)
    if not way.is_head:
        first = [run for run in runs if way.arrays == 1 or longest[run.experiment] > LONG]
        rest = [run for run in runs if way.arrays > 1 and longest[run.experiment] <= LONG]
        arrays = [[*map(_run, listed)] for listed in (first, rest) if listed]
        return through_workers(arrays, slots, slurm, _worker(runs))
    profile = yaml.safe_load(PROFILE.read_text(encoding="utf-8"))
    head = Head(
        jobs=way.jobs_of_a_slot * slots or profile["jobs"],
        plan=PLAN + PLAN_OF_A_RUN * len(runs),
        submit=SUBMIT, finish=FINISH, look=LOOK, replan=PLAN_OF_A_RUN * len(runs),
        first_check=profile["slurm-init-seconds-before-status-checks"],
    )  # fmt: skip
    jobs = [*_jobs(runs, beside=True)]
    last = _gathering(runs, beside=True, after=[job.name for job in jobs])
    return through_head([*jobs, *last], slurm, head)


def _longest(runs: Sequence[Length]) -> dict[str, float]:
    """Return the seconds of each experiment's longest training."""
    longest: dict[str, float] = defaultdict(float)
    for run in runs:
        longest[run.experiment] = max(longest[run.experiment], run.train)
    return longest


def _run(run: Length) -> Run:
    seconds = run.train + sum(run.measure.values())
    return Run(run.name, seconds, candidate_of=run.choice_among, follows=run.waits_for)


def _worker(runs: Sequence[Length]) -> Worker:
    data = {run.data for run in runs}
    spaces = {run.data for run in runs if run.has_space}
    last = IMPORTS["report"] + len(runs) * sum(OF_ALL.values())
    return Worker(
        start=WORKER + SNAKEMAKE_OF_A_RUN * len(runs), check=LOOK_AT_A_RUN,
        data=len(data) * DATA + len(spaces) * EXTRACTOR, last=last,
    )  # fmt: skip


def _job(step: str, name: str, work: float, after: Sequence[str] = (), beside: float = 0) -> Job:
    seconds = work + (beside + IMPORTS[step] if beside else 0)
    is_measuring = bool(after) and step not in ("train", "choose")
    return Job(
        f"{step} {name}", seconds, tuple(after), inputs=is_measuring, replans=step == "choose"
    )


def _jobs(runs: Sequence[Length], *, beside: bool) -> Iterator[Job]:
    """Yield the Slurm jobs of some runs, with or without what they take beside their work."""
    job = partial(_job, beside=_starts(runs) if beside else 0)
    for data in dict.fromkeys(run.data for run in runs):
        yield job("data", data, DATA)
    for data in dict.fromkeys(run.data for run in runs if run.has_space):
        yield job("extractor", data, EXTRACTOR, [f"data {data}"])
    candidates: dict[str, list[str]] = defaultdict(list)
    for run in runs:
        if not run.waits_for:
            made = [*_of_run(run, job)]
            candidates[run.choice_among].extend(one.name for one in made)
            yield from made
    for choice in dict.fromkeys(run.waits_for for run in runs if run.waits_for):
        yield job("choose", choice, CHOOSE, candidates[choice])
    for run in runs:
        if run.waits_for:
            yield from _of_run(run, job)


def _of_run(run: Length, job: Callable[..., Job]) -> Iterator[Job]:
    after = [f"choose {run.waits_for}"] if run.waits_for else []
    train = job("train", run.name, run.train, [f"data {run.data}", *after])
    yield train
    space = [f"extractor {run.data}"] if run.has_space else []
    for step, seconds in run.measure.items():
        yield job(step, run.name, seconds, [train.name, *space])


def _gathering(runs: Sequence[Length], *, beside: bool, after: Sequence[str] = ()) -> list[Job]:
    """Return the jobs about all runs."""
    job = partial(_job, beside=_starts(runs) if beside else 0)
    summary, claims = (
        job(step, "", len(runs) * OF_ALL[step], after) for step in ("summary", "claims")
    )
    report = job("report", "", len(runs) * OF_ALL["report"], [summary.name, claims.name])
    return [summary, claims, report]


def _starts(runs: Sequence[Length]) -> float:
    return 2 * (SNAKEMAKE + SNAKEMAKE_OF_A_RUN * len(runs))


if __name__ == "__main__":
    main()
