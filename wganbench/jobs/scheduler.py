"""Snakemake's scheduler, kept from waking itself up.

In Snakemake 9.27 every pass of the scheduler starts a timer whose end starts another pass, and each
finished job adds a pass: after n jobs there are n passes a second, and as many threads (snakemake
PR 3744 is about it). One case needs a timer: the limit of jobs per timespan holds jobs back.
"""

import threading
from typing import Any


def calm(scheduler: Any) -> None:
    """Have a scheduler start a timer only where it is waited for, and one at a time.

    Args:
        scheduler: Snakemake's JobScheduler, as `workflow.scheduler` is when a workflow starts. One
            of another version, without what this replaces, is left as it is.
    """
    limiter = getattr(scheduler, "job_rate_limiter", None)
    if limiter is not None and hasattr(scheduler, "_schedule_reevalutation"):
        scheduler._schedule_reevalutation = _Alarm(scheduler, limiter)


class _Alarm:
    """Takes the place of the method that starts the timers."""

    def __init__(self, scheduler: Any, limiter: Any) -> None:
        self.usual = scheduler._schedule_reevalutation
        self.wake = scheduler._open_jobs.release
        self.limiter = limiter
        self.is_set = False

    def __call__(self, delay: float) -> None:
        if delay != self.limiter.timespan:  # for what else the scheduler waits
            self.usual(delay)
        elif not self.is_set and not self.limiter.get_free_jobs():
            self.is_set = True
            timer = threading.Timer(delay, self._ring)
            timer.daemon = True
            timer.start()

    def _ring(self) -> None:
        self.is_set = False
        self.wake()
