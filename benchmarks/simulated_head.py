"""Jobs through a head process, `snakemake --profile slurm`, on a simulated Slurm.

It is that of Snakemake 9.27 with the Slurm plug-in 2.8.0, as their code reads: what is ready is
submitted up to a limit, what has finished is found when squeue is asked. What each step takes is
an argument.
"""

import heapq
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from simulated_slurm import Clock, Job, Outcome, Queue, Slurm

SUBMITTERS = 2  # threads of the plug-in that call sbatch
LONGER_BY = 10.0  # s that the plug-in waits longer after each check that found nothing finished
LONGEST = 180.0  # s
RATE = 100  # jobs a second that Snakemake selects, its default


@dataclass(frozen=True)
class Head:
    """A head process: its limit, and its own seconds for what it does."""

    jobs: int
    """In the queue at once, waiting or running."""
    plan: float = 0.0
    submit: float = 0.0
    """Of each job that it submits, beside sbatch."""
    finish: float = 0.0
    """Of each job that is found finished."""
    look: float = 0.0
    """Of each ready job, for each that is found finished: each is looked through again."""
    replan: float = 0.0
    """Of each checkpoint."""
    first_check: float | None = None
    """Until squeue is first asked, and again after each answer with a finished job; without it ends
    are known at once."""


def through_head(jobs: Sequence[Job], slurm: Slurm, head: Head) -> Outcome:
    """Run jobs as `snakemake --profile slurm` does."""
    simulation = _HeadProcess(jobs, slurm, head)
    simulation.clock.after(head.plan, simulation.begin)
    simulation.clock.run()
    return Outcome(simulation.clock.now, simulation.spans, simulation.spent + head.plan)


class _HeadProcess:
    def __init__(self, jobs: Sequence[Job], slurm: Slurm, head: Head) -> None:
        self.clock, self.head, self.sbatch = Clock(), head, slurm.sbatch
        self.queue = Queue(self.clock, slurm)
        self.waits_for = {job.name: len(job.after) for job in jobs}
        self.followers: dict[str, list[Job]] = {job.name: [] for job in jobs}
        for job in jobs:
            for name in job.after:
                self.followers[name].append(job)
        self.ready: list[tuple[float, int, Job]] = []
        self.places = {job.name: place for place, job in enumerate(jobs)}
        self.first = [job for job in jobs if not job.after]
        self.found: list[Job] = []
        self.spans: dict[str, tuple[float, float]] = {}
        self.submitted: dict[str, Job] = {}
        self.in_queue, self.left = 0, len(jobs)
        self.selected: deque[float] = deque()
        self.submitters = [0.0] * SUBMITTERS
        self.is_busy = self.has_alarm = False
        self.spent = 0.0
        self.interval = 0.0

    def begin(self) -> None:
        for job in self.first:
            self._make_ready(job)
        if self.head.first_check is not None:
            self._check(self.head.first_check)
        self._pass()

    def _make_ready(self, job: Job) -> None:
        heapq.heappush(self.ready, (-job.inputs, self.places[job.name], job))

    def _pass(self) -> None:
        """Take in what has finished and submit what is ready, in the one thread that does both."""
        if self.is_busy:  # it looks again when it is done
            return
        seconds = 0.0
        found, self.found = self.found, []
        for job in found:
            seconds += self.head.finish + self.head.look * len(self.ready)
            seconds += self.head.replan * job.replans
            self.in_queue -= 1
            self.left -= 1
            for follower in self.followers[job.name]:
                self.waits_for[follower.name] -= 1
                if not self.waits_for[follower.name]:
                    self._make_ready(follower)
        for _ in range(self._allowed()):
            seconds += self.head.submit
            job = heapq.heappop(self.ready)[2]
            self.in_queue += 1
            self.selected.append(self.clock.now)
            self.clock.after(seconds, partial(self._submit, job))
        if seconds or found:
            self.spent += seconds
            self.is_busy = True
            self.clock.after(seconds, self._look_again)

    def _look_again(self) -> None:
        self.is_busy = False
        self._pass()

    def _allowed(self) -> int:
        """Return how many jobs may be submitted now; the limit of a second rings for the rest."""
        while self.selected and self.selected[0] <= self.clock.now - 1:
            self.selected.popleft()
        wanted = min(len(self.ready), self.head.jobs - self.in_queue)
        if wanted > RATE - len(self.selected) and not self.has_alarm:
            self.has_alarm = True
            self.clock.after(1.0, self._ring)
        return min(wanted, RATE - len(self.selected))

    def _ring(self) -> None:
        self.has_alarm = False
        self._pass()

    def _submit(self, job: Job) -> None:
        self.submitters.sort()
        self.submitters[0] = max(self.clock.now, self.submitters[0]) + self.sbatch
        self.clock.after(self.submitters[0] - self.clock.now, partial(self._queued, job))

    def _queued(self, job: Job) -> None:
        self.submitted[job.name] = job
        self.queue.come(partial(self._run, job))

    def _run(self, job: Job) -> None:
        self.spans[job.name] = self.clock.now, self.clock.now + job.seconds
        self.clock.after(job.seconds, partial(self._end, job))

    def _end(self, job: Job) -> None:
        self.queue.leave()
        if self.head.first_check is None:
            self.found.append(job)
            self._pass()

    def _check(self, first: float) -> None:
        """Ask squeue, and set the time of the next question. The process ends with a last one."""
        if not self.left:
            return
        ended = [job for job in self.submitted.values() if self._has_ended(job)]
        idle = not self.submitted
        for job in ended:
            del self.submitted[job.name]
        self.interval = first if ended or idle else min(self.interval + LONGER_BY, LONGEST)
        self.clock.after(self.interval, partial(self._check, first))
        if ended:
            self.found += ended
            self._pass()

    def _has_ended(self, job: Job) -> bool:
        return job.name in self.spans and self.spans[job.name][1] <= self.clock.now
