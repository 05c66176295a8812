"""A Slurm cluster in simulated seconds: jobs, slots, and a queue that is served in its order.

Other people's jobs, priorities and failures are not simulated.
"""

import heapq
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count


@dataclass(frozen=True)
class Job:
    """What a slot is held for."""

    name: str
    seconds: float
    after: tuple[str, ...] = ()
    inputs: float = 0.0
    """Their size: Snakemake submits the largest first."""
    replans: bool = False
    """Whether Snakemake looks at its end for what follows: a checkpoint."""


@dataclass(frozen=True)
class Slurm:
    """The cluster, and the seconds that its commands take."""

    slots: int
    sbatch: float = 0.0
    start: float = 0.0
    """From a free slot and a waiting job to the job's first instruction."""


@dataclass(frozen=True)
class Outcome:
    """When everything ran."""

    seconds: float
    """From the first command to the end of the last."""
    spans: dict[str, tuple[float, float]]
    """Begin and end of each job or run."""
    busy: float = 0.0
    """The head process's own seconds."""


class Clock:
    """What happens next, in simulated seconds."""

    def __init__(self) -> None:
        self.now = 0.0
        self._coming: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Have something happen so many seconds from now; what is equally late, in order."""
        heapq.heappush(self._coming, (self.now + seconds, next(self._order), act))

    def run(self) -> None:
        """Let everything happen."""
        while self._coming:
            self.now, _, act = heapq.heappop(self._coming)
            act()


class Queue:
    """Slurm's queue and its slots: first come, first served."""

    def __init__(self, clock: Clock, slurm: Slurm) -> None:
        self._clock, self._start = clock, slurm.start
        self._free = slurm.slots
        self._waiting: deque[Callable[[], None]] = deque()

    def come(self, begin: Callable[[], None]) -> None:
        """Queue what begins when it has a slot."""
        self._waiting.append(begin)
        self._next()

    def leave(self) -> None:
        """Give a slot back."""
        self._free += 1
        self._next()

    def _next(self) -> None:
        while self._free and self._waiting:
            self._free -= 1
            self._clock.after(self._start, self._waiting.popleft())


def ideal(jobs: Sequence[Job], slots: int) -> float:
    """Return the seconds below which no order ends: of all work over all slots, or of a chain.

    Args:
        jobs: each after those that it waits for.
        slots: how many run at once.
    """
    ends: dict[str, float] = {}
    for job in jobs:
        ends[job.name] = job.seconds + max((ends[name] for name in job.after), default=0.0)
    return max(sum(job.seconds for job in jobs) / slots, max(ends.values()))
