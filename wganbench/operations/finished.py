"""The part of a plan that results are gathered of: all of it, or what is done so far."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wganbench.errors import UserError
from wganbench.operations.freshness import missing_files, stale_measurements, why_stale
from wganbench.plan.params import Params
from wganbench.plan.runs import Run
from wganbench.records.layout import RUNS

NAMED = 3  # absent runs of an experiment that are named; `wganbench status` has them all


@dataclass(frozen=True)
class Part:
    """Runs that results are gathered of."""

    runs: dict[str, list[Run]]
    """By experiment."""
    absent: Mapping[str, Sequence[Run]]
    """The planned runs that are left out, by experiment."""

    @property
    def all_runs(self) -> list[Run]:
        return [run for runs in self.runs.values() for run in runs]

    @property
    def shares(self) -> dict[str, float]:
        """Of each experiment that lacks runs, the share that is there."""
        return {
            name: len(self.runs[name]) / (len(self.runs[name]) + len(absent))
            for name, absent in self.absent.items()
        }

    def gaps(self) -> Iterator[str]:
        """Yield a line for each experiment that lacks runs, with the first of them."""
        for name, absent in self.absent.items():
            named = ", ".join(run.name for run in absent[:NAMED])
            more = f" and {len(absent) - NAMED} more" if len(absent) > NAMED else ""
            total = len(absent) + len(self.runs[name])
            yield f"{name}: {len(absent)} of {total} runs are not done: {named}{more}"


def part_of(params: Params, *, finished: bool) -> Part:
    """Return the whole plan, or its runs that are done, whoever did them.

    Raises:
        UserError: an experiment's file is wrong, or nothing is done.
    """
    planned, waiting = params.by_choice(params.possible_runs())
    if not finished:
        for name in waiting:
            raise UserError(
                f"{name}: its settings are not chosen; when its candidates are done, "
                f"`wganbench choose {name} --scale {params.scale}` does it"
            )
        return Part(planned, {})
    done = {name: [*filter(is_done, runs)] for name, runs in planned.items()}
    planned = {name: [*runs, *waiting.get(name, ())] for name, runs in planned.items()}
    if planned and not any(done.values()):
        raise UserError(
            f"no run of scale {params.scale} is done; "
            f"`wganbench status --scale {params.scale}` tells where each stands"
        )
    there = {run.id for runs in done.values() for run in runs}
    absent = {name: [run for run in runs if run.id not in there] for name, runs in planned.items()}
    return Part(done, {name: runs for name, runs in absent.items() if runs})


def is_done(run: Run) -> bool:
    """Return whether a run is trained and measured by today's code."""
    folder = RUNS / run.id
    return not (
        missing_files(run, folder) or why_stale(run, folder) or stale_measurements(run, folder)
    )
