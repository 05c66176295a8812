"""How long runs take, by the rates of those that are done."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import isnan, nan
from pathlib import Path
from statistics import median

from wganbench.compare.recorded import recorded_run
from wganbench.errors import UserError
from wganbench.operations.freshness import folders
from wganbench.plan.configuration import Configuration
from wganbench.plan.runs import Run
from wganbench.records.run import Timings

Timed = dict[tuple[str, str], list[tuple[Run, Timings]]]
"""Runs and what they took, by kind and name of the device."""


def _same_work(run: Run) -> Hashable:
    """Return what decides the time of an iteration."""
    c = run.configuration
    work = (c.method, c.data.id, c.batch_size, c.steps_per_iteration(), len(run.seeds))
    return *_same_nets(c), *work


def _same_steps(run: Run) -> Hashable:
    """Return what decides the time of a gradient step, about: replicas may be more or fewer."""
    c = run.configuration
    return (*_same_nets(c), c.get("constraint.name"), c.data.shape, c.batch_size)


def _same_nets(c: Configuration) -> tuple[str, str, str]:
    nets = [net.model_dump_json() if net else "" for net in (c.generator, c.critic)]
    return nets[0], nets[1], c.precision


# From the closest likeness to none: seconds of an iteration are compared among equals first.
LIKENESSES: dict[str, Callable[[Run], Hashable]] = {
    "the same work": _same_work,
    "the same nets, constraint, sample shape and batch": _same_steps,
    "the same nets": lambda run: _same_nets(run.configuration),
    "the same experiment": lambda run: run.experiment,
    "any run": lambda run: None,
}
# Those by which a rate is a measurement of the run in question, and no guess from other nets.
CLOSE = tuple(LIKENESSES)[:2]


@dataclass(frozen=True)
class Rate:
    """Seconds of one gradient step of one replica, evaluation and files included."""

    seconds: float
    likeness: str
    """What the runs that it was measured on have in common with the one it is for."""
    runs: tuple[str, ...]
    """Their ids."""
    watts: float
    """What the device drew meanwhile; NaN if it did not tell."""

    def seconds_of(self, run: Run) -> float:
        """Return the seconds that training a run takes at this rate."""
        return self.seconds * _steps(run) * run.configuration.iterations


class Rates:
    """Seconds of one gradient step of one replica, from what runs took."""

    def __init__(self, timed: Iterable[tuple[Run, Timings]]) -> None:
        self._rates: dict[tuple[str, Hashable], list[tuple[float, float, str]]] = defaultdict(list)
        for run, timings in timed:
            rate = timings.per_iteration / _steps(run)
            overhead = timings.total / max(timings.training, 1e-9)
            for likeness, key in LIKENESSES.items():
                self._rates[likeness, key(run)].append((rate * overhead, timings.watts, run.id))

    def rate(self, run: Run, likenesses: Sequence[str] = tuple(LIKENESSES)) -> Rate | None:
        """Return the rate by the closest of these likenesses; None without one."""
        for likeness in likenesses:
            if found := self._rates.get((likeness, LIKENESSES[likeness](run))):
                rates, watts, ids = zip(*found, strict=True)
                told = [w for w in watts if not isnan(w)]
                return Rate(median(rates), likeness, ids, median(told) if told else nan)
        return None

    def seconds(self, run: Run) -> float | None:
        """Return the seconds that training a run takes, by any rate; None without one."""
        rate = self.rate(run)
        return rate.seconds_of(run) if rate else None


def timed_runs(results: Path) -> Timed:
    """Return every finished run, planned or not, by kind and name of the device it was timed on.

    Those whose record this wganbench cannot read are left out.
    """
    found: Timed = defaultdict(list)
    for folder in folders(results):
        try:
            run, record = recorded_run(folder)
        except UserError:
            continue
        made = record.provenance
        found[made.device, made.device_name].append((run, record.timings))
    return found


def _steps(run: Run) -> float:
    """Return the gradient steps of an iteration, warm-up included, of all replicas together."""
    return run.configuration.steps_per_iteration() * len(run.seeds)
