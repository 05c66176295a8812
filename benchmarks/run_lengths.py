"""Seconds of a grid's runs, by the project's own estimates, as nothing has been run at scale `gpu`.

Imports, starts and waiting are not in them.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from wganbench.evaluation_points import evaluation_points
from wganbench.operations.counted import Count, counts
from wganbench.operations.rates import CLOSE, Rates
from wganbench.plan.choices import undecided
from wganbench.plan.params import load_params
from wganbench.plan.runs import Run
from wganbench.plan.step import Scaled
from wganbench.plan.steps import EXTRACTOR, measurements
from wganbench.records.choices import Choices
from wganbench.records.run import Timings

MEASURED = "desk"  # the committed scale whose rates are taken, of one core of a CPU
SUMMARY = Path("results/scales") / MEASURED / "summary.csv"
# results-gpu.md: seconds of an evaluation of small nets, of one seed to four. Counted operations
# leave evaluations out; on a core they are a tenth of the time.
EVALUATION = {"cuda": 0.15, "cpu": 0.0}
OF_OTHERS = 10.0  # of a measurement that has no estimate


@dataclass(frozen=True)
class Length:
    """A planned run with what its work takes."""

    run: Run
    copy: int
    """0 for the grid itself, then its repetitions with other seeds."""
    train: float
    measure: Mapping[str, float]
    """By measurement."""

    @property
    def name(self) -> str:
        return f"{self.run.id} {self.copy}"

    @property
    def experiment(self) -> str:
        return f"{self.run.experiment} {self.copy}"

    @property
    def data(self) -> str:
        return self.run.configuration.data.id

    @property
    def has_space(self) -> bool:
        """Whether its images are measured in a feature space, which is made once."""
        return EXTRACTOR.applies(self.run)

    @property
    def choice_among(self) -> str:
        """The choice that this run is a candidate of, if it is one."""
        return self.experiment if self.run.candidate else ""

    @property
    def waits_for(self) -> str:
        """The choice that this run follows from, if it does."""
        return self.experiment if self.run.tuned and not self.run.candidate else ""


def lengths(scale: str, count: int, device: str) -> tuple[list[Length], Counter[str]]:
    """Return so many runs of a scale with their seconds, and how many have them from where.

    Fewer than are planned are taken evenly from the plan, more are it again, with other seeds.
    Where settings are tuned, of each configuration one run follows.

    Args:
        scale: its name.
        count: how many runs.
        device: where they are trained, as params.yaml has it.
    """
    possible = load_params(scale, device=device).possible_runs()
    planned = [run for runs in possible.values() for run in _made(runs)]
    rates, counted = Rates(_timed()), counts(planned, anew=True)
    sources, found = Counter[str](), []
    for place in range(count):
        copy, place_in_plan = divmod(place, len(planned))
        run = planned[place_in_plan if count >= len(planned) else place * len(planned) // count]
        train, source = _training(run, rates, counted)
        sources[source] += 1
        found.append(Length(run, copy, train, dict(_measuring(run))))
    return found, sources


def _made(runs: list[Run]) -> list[Run]:
    followers = [run.id for run in undecided(runs, Choices(choices=[]))]
    return [run for run in runs if run.candidate or not run.tuned or run.id in followers]


def _timed() -> Iterator[tuple[Run, Timings]]:
    """Yield the committed runs whose plan is still the same, with what they took."""
    possible = load_params(MEASURED).possible_runs()
    planned = {run.id: run for runs in possible.values() for run in runs}
    with SUMMARY.open(encoding="utf-8") as file:
        rows = {row["id"]: row for row in csv.DictReader(file) if row["id"] in planned}
    for run_id, row in rows.items():
        iteration = float(row["per_iteration"])
        training = iteration * planned[run_id].configuration.iterations
        yield planned[run_id], Timings(
            total=float(row["seconds"]), training=training, per_iteration=iteration,
            at_evaluations=[], peak_memory_mib=0,
        )  # fmt: skip


def _training(run: Run, rates: Rates, counted: Mapping[str, Count]) -> tuple[float, str]:
    """Return what a training takes, and where the number is from."""
    if run.device == "cpu" and (rate := rates.rate(run, CLOSE)):
        return rate.seconds_of(run), f"on a core, by like runs of scale {MEASURED}"
    if count := counted.get(run.id):
        evaluations = len(evaluation_points(run.configuration)) * EVALUATION[run.device]
        where = "a core" if run.device == "cpu" else "an H200"
        return count.seconds(run) + evaluations, f"on {where}, by counted operations"
    seconds = rates.seconds(run)
    assert seconds is not None, "there are committed runs"
    return seconds, f"on a core, by the nearest runs of scale {MEASURED}"


def _measuring(run: Run) -> Iterator[tuple[str, float]]:
    for step in measurements(run):
        is_known = not isinstance(step.minutes, Scaled)
        yield step.name, 60 * step.minutes(run) if is_known else OF_OTHERS
