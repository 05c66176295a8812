"""The Slurm plug-in, real, where Slurm does not answer. With a Slurm: tests/slurm/."""

import asyncio
import logging
from types import SimpleNamespace

import pytest
import snakemake_executor_plugin_slurm as plugin
from throttler import Throttler

from wganbench.jobs.outages import outlast

JOBS = [SimpleNamespace(external_jobid="7", aux={})]


@pytest.fixture
def slurm(tmp_path, monkeypatch):
    """Return a way to let Slurm's squeue do something, and no sacct."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(plugin, "query_job_status", plugin.query_job_status)
    monkeypatch.setattr(plugin.Executor, "check_active_jobs", plugin.Executor.check_active_jobs)
    monkeypatch.setattr(plugin, "is_query_tool_available", lambda name: name == "squeue")

    def answering(script: str) -> None:
        (tmp_path / "squeue").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "squeue").chmod(0o755)

    return answering


class Executor(plugin.Executor):
    """The plug-in's own, without a workflow behind it."""

    def __init__(self) -> None:
        settings = plugin.ExecutorSettings(status_command="squeue")
        self.workflow = SimpleNamespace(executor_settings=settings)
        self.logger = logging.getLogger("test")
        self.run_uuid = "wganbench_0a1b"
        self.status_rate_limiter = Throttler(rate_limit=100, period=1)
        self._status_query_calls = self._status_query_failures = 0
        self._status_query_total_seconds = self._status_query_max_seconds = 0.0
        self._status_query_min_seconds, self._status_query_cycle_rows = None, []
        self._preemption_warning, self.next_seconds_between_status_checks = False, 1
        self.ended = []

    def report_job_error(self, job, **_) -> None:
        self.ended.append(job)

    def watched(self) -> list:
        """Return the jobs that it goes on asking for after it has asked once."""

        async def asked():
            return [job async for job in self.check_active_jobs(JOBS)]

        return asyncio.run(asked())


def test_jobs_are_asked_for_again_when_slurm_has_not_answered(slurm, caplog):
    slurm("exit 1")
    assert Executor().watched() == []  # the plug-in as it is: they are forgotten
    outlast(plugin)
    assert Executor().watched() == JOBS
    assert "Slurm does not answer" in caplog.text


@pytest.mark.parametrize(
    ("state", "watched", "ended"),
    [("RUNNING", JOBS, []), ("NODE_FAIL", [], JOBS), ("FAILED", [], JOBS)],
)
def test_an_answer_is_taken_as_it_is(slurm, state, watched, ended):
    slurm(f"echo '7|{state}'")
    outlast(plugin)
    executor = Executor()
    assert executor.watched() == watched
    assert executor.ended == ended


def test_a_job_that_slurm_has_forgotten_has_failed_when_two_answers_do_not_name_it(slurm):
    outlast(plugin)
    executor = Executor()
    for answer in ("true", "exit 1", "true", "echo '7|RUNNING'", "true"):
        slurm(answer)
        assert executor.watched() == JOBS
        assert executor.ended == []
    slurm("true")
    assert executor.watched() == []
    assert executor.ended == JOBS


def test_a_plugin_that_is_not_there_or_of_another_version_is_left_as_it_is():
    outlast(None)
    outlast(other := SimpleNamespace())
    assert vars(other) == {}
