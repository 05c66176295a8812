"""Slurm's controller may be away for a while, and may have forgotten jobs when it is back.

Version 2.8.0 of the Slurm plug-in asks five times for the states of its jobs; where `sacct` fails
at once that takes a second. If no answer has come, it neither reports its jobs nor looks at them
again. A job that `squeue` does not know it takes for one that is not listed yet. In both cases
Snakemake waits for ever: a controller that is killed forgets what it was told in its last seconds.
"""

from collections.abc import AsyncIterator, Callable
from typing import Any

States = dict[str, str]


def outlast(plugin: Any) -> None:
    """Have the Slurm plug-in ask again where Slurm is silent, and give up jobs that it forgot.

    Args:
        plugin: the module `snakemake_executor_plugin_slurm`. None, or one of another version,
            without what this replaces, is left as it is.
    """
    query = getattr(plugin, "query_job_status", None)
    executor: Any = getattr(plugin, "Executor", None)
    if query is None or not hasattr(executor, "check_active_jobs"):
        return
    patience = _Patience(query, executor.check_active_jobs)
    plugin.query_job_status = patience.ask
    executor.check_active_jobs = lambda self, jobs: patience.check(self, jobs)


class _Patience:
    """Takes the place of the plug-in's query and of its look at the jobs that it waits for."""

    def __init__(self, query: Callable[..., Any], check: Callable[..., Any]) -> None:
        self.usual_query, self.usual_check = query, check
        self.listed: States | None = None  # by the last answer, if that names all jobs there are
        self.missed: set[str] = set()

    async def ask(self, command: str, logger: Any) -> tuple[States, float]:
        states, seconds = await self.usual_query(command, logger)
        # sacct hears of a new job after a while only.
        self.listed = states if command.startswith("squeue ") else None
        if states is None:
            logger.warning("Slurm does not answer; it will be asked again, and its jobs go on.")
            return {}, 0.0
        return states, seconds

    async def check(self, executor: Any, jobs: list[Any]) -> AsyncIterator[Any]:
        async for job in self.usual_check(executor, jobs):
            if self._is_forgotten(job.external_jobid):
                message = f"Slurm does not know job {job.external_jobid} any more. "
                executor.report_job_error(job, msg=message)
            else:
                yield job

    def _is_forgotten(self, number: str) -> bool:
        """Return whether two answers, one after the other, did not name a job."""
        is_missed = self.listed is not None and number.partition("_")[0] not in self.listed
        was_missed = number in self.missed
        self.missed.discard(number)
        if is_missed and not was_missed:
            self.missed.add(number)
        return is_missed and was_missed
