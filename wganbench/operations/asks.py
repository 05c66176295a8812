"""What the jobs of a plan ask a cluster for: minutes and memory, by what each has to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from wganbench.operations.counted import Count, counts_by_kind, kind_of
from wganbench.operations.rates import CLOSE, Rates, timed_runs
from wganbench.plan.runs import Run
from wganbench.plan.step import Scaled, Step, saved_mebibytes
from wganbench.plan.steps import TRAIN
from wganbench.records.layout import RUNS
from wganbench.records.run import Timings

# A first attempt has so many times the estimated minutes, and some to start in. Counted operations
# are right within a factor of two, evaluations come on top, and a site's machines are others.
# Measured rates are of its own. Too few minutes cost a training an attempt, and nothing else.
OVER_ESTIMATE, OVER_MEASURED, START = 4, 3, 5
ROUNDED = 10  # minutes
TORCH = 1500  # MiB of a process that trains next to nothing


@dataclass(frozen=True)
class Asks:
    """What jobs on these runs ask for at their first attempt.

    Without `anew` a training whose operations were not counted yet asks for what its scale's
    largest may need; counting them imports torch.
    """

    scale: str
    runs: Sequence[Run]
    anew: bool = False

    def minutes(self, step: Step, run: Run | None = None) -> int:
        """Return a job's minutes, of the run that it is about if it is about one."""
        if run and step is TRAIN:
            if rate := self._rates[run.device].rate(run, CLOSE):
                return _minutes(OVER_MEASURED * rate.seconds_of(run))
            if count := self._counts.get(kind_of(run)):
                return _minutes(OVER_ESTIMATE * count.seconds(run))
        if isinstance(step.minutes, Scaled):
            return step.minutes[self.scale]
        assert run, f"a job of {step.name} is about a run"
        return _minutes(OVER_ESTIMATE * 60 * step.minutes(run))

    def memory(self, step: Step, run: Run | None = None) -> int:
        """Return a job's MiB."""
        if run and step is TRAIN and (count := self._counts.get(kind_of(run))):
            on_the_host = 0 if run.device == "cuda" else count.mebibytes(run)
            return TORCH + int(2 * saved_mebibytes(run) + on_the_host)
        if isinstance(step.memory, Scaled):
            return step.memory[self.scale]
        assert run, f"a job of {step.name} is about a run"
        return int(step.memory(run))

    @cached_property
    def _counts(self) -> dict[str, Count | None]:
        """Return what is known by kind: a job of its own looks up one run among thousands."""
        return counts_by_kind(self.runs if self.anew else ())

    @cached_property
    def _rates(self) -> dict[str, Rates]:
        """Return the rates of finished runs, by the kind of device."""
        timed = timed_runs(RUNS) if self.anew else {}
        of: dict[str, list[tuple[Run, Timings]]] = {run.device: [] for run in self.runs}
        for (kind, _), runs in timed.items():
            of.setdefault(kind, []).extend(runs)
        return {kind: Rates(runs) for kind, runs in of.items()}


def _minutes(seconds: float) -> int:
    return ROUNDED * ceil((START + seconds / 60) / ROUNDED)
