"""Runs through an array of workers, `wganbench run --worker`, on a simulated Slurm.

Each takes the next run that nobody has taken, and ends when it has gone through all. What follows
from a choice is gone through once all candidates that the choice is among are done.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from simulated_slurm import Clock, Outcome, Queue, Slurm


@dataclass(frozen=True)
class Run:
    """All that a worker does for one run: training and measuring."""

    name: str
    seconds: float
    candidate_of: str = ""
    """The choice that waits for it."""
    follows: str = ""
    """The choice that it waits for."""


@dataclass(frozen=True)
class Worker:
    """What a worker's own steps take, in seconds."""

    start: float = 0.0
    check: float = 0.0
    """Of each planned run that it looks at."""
    data: float = 0.0
    """Of all data sets: the first worker makes them, and the others wait."""
    last: float = 0.0
    """Of what is done about all runs, once the last worker has ended."""


def through_workers(
    arrays: Sequence[Sequence[Run]], workers: int, slurm: Slurm, worker: Worker
) -> Outcome:
    """Run runs as arrays of so many `wganbench run --worker` each, queued one after the other."""
    simulation = _Workers(slurm, worker)
    for place, runs in enumerate(arrays, 1):
        array = _Array(runs)
        for _ in range(workers):
            simulation.clock.after(place * slurm.sbatch, partial(simulation.submit, array))
    simulation.clock.run()
    return Outcome(simulation.clock.now + worker.last, simulation.spans)


class _Array:
    def __init__(self, runs: Sequence[Run]) -> None:
        self.known = [run for run in runs if not run.follows]
        self.following = [run for run in runs if run.follows]
        self.candidates_left = Counter(run.candidate_of for run in self.known)


class _Workers:
    def __init__(self, slurm: Slurm, worker: Worker) -> None:
        self.clock, self.worker = Clock(), worker
        self.queue = Queue(self.clock, slurm)
        self.spans: dict[str, tuple[float, float]] = {}
        self.data_at: float | None = None

    def submit(self, array: _Array) -> None:
        self.queue.come(partial(self._begin, array))

    def _begin(self, array: _Array) -> None:
        started = self.clock.now + self.worker.start
        if self.data_at is None:
            self.data_at = started + self.worker.data
        wait = max(self.data_at, started) - self.clock.now
        self.clock.after(wait, partial(self._go_on, array, array.known, 0))

    def _go_on(self, array: _Array, runs: list[Run], place: int) -> None:
        """Take the next run that nobody has taken; a run is taken before its check is paid for."""
        for looked, run in enumerate(runs[place:], 1):
            if run.name not in self.spans:
                begin = self.clock.now + looked * self.worker.check
                self.spans[run.name] = begin, begin + run.seconds
                end = partial(self._made, run, array, runs, place + looked)
                self.clock.after(begin + run.seconds - self.clock.now, end)
                return
        last = partial(self._choose, array) if runs is array.known else self.queue.leave
        self.clock.after((len(runs) - place) * self.worker.check, last)

    def _made(self, run: Run, array: _Array, runs: list[Run], place: int) -> None:
        array.candidates_left[run.candidate_of] -= 1
        self._go_on(array, runs, place)

    def _choose(self, array: _Array) -> None:
        """Go on with what follows from choices whose candidates are all done."""
        done = [run for run in array.following if not array.candidates_left[run.follows]]
        self._go_on(array, done, 0)
