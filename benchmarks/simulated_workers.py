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


def through_workers(runs: Sequence[Run], workers: int, slurm: Slurm, worker: Worker) -> Outcome:
    """Run runs as an array of so many `wganbench run --worker` does."""
    simulation = _Workers(runs, slurm, worker)
    for _ in range(workers):
        simulation.clock.after(slurm.sbatch, simulation.submit)
    simulation.clock.run()
    return Outcome(simulation.clock.now + worker.last, simulation.spans)


class _Workers:
    def __init__(self, runs: Sequence[Run], slurm: Slurm, worker: Worker) -> None:
        self.clock, self.worker = Clock(), worker
        self.queue = Queue(self.clock, slurm)
        self.known = [run for run in runs if not run.follows]
        self.following = [run for run in runs if run.follows]
        self.candidates_left = Counter(run.candidate_of for run in self.known)
        self.spans: dict[str, tuple[float, float]] = {}
        self.data_at: float | None = None

    def submit(self) -> None:
        self.queue.come(self._begin)

    def _begin(self) -> None:
        started = self.clock.now + self.worker.start
        if self.data_at is None:
            self.data_at = started + self.worker.data
        wait = max(self.data_at, started) - self.clock.now
        self.clock.after(wait, partial(self._go_on, self.known, 0))

    def _go_on(self, runs: list[Run], place: int) -> None:
        """Take the next run that nobody has taken; a run is taken before its check is paid for."""
        for looked, run in enumerate(runs[place:], 1):
            if run.name not in self.spans:
                begin = self.clock.now + looked * self.worker.check
                self.spans[run.name] = begin, begin + run.seconds
                end = partial(self._made, run, runs, place + looked)
                self.clock.after(begin + run.seconds - self.clock.now, end)
                return
        rest = (len(runs) - place) * self.worker.check
        self.clock.after(rest, self._choose if runs is self.known else self.queue.leave)

    def _made(self, run: Run, runs: list[Run], place: int) -> None:
        if run.candidate_of:
            self.candidates_left[run.candidate_of] -= 1
        self._go_on(runs, place)

    def _choose(self) -> None:
        """Go on with what follows from choices whose candidates are all done."""
        chosen = [run for run in self.following if not self.candidates_left[run.follows]]
        self._go_on(chosen, 0)
