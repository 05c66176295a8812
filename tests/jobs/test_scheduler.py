"""Snakemake's scheduler, real, with what the Snakefile changes of it."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

SNAKEFILE = """
import threading
from wganbench.jobs.scheduler import calm
onstart:
    calm(workflow.scheduler)
onsuccess:
    print("threads at the end:", threading.active_count())
rule all:
    input: expand("made/{i}", i=range(40))
rule one:
    output: "made/{i}"
    shell: "touch {output}"
"""


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "Snakefile").write_text(SNAKEFILE)
    return tmp_path


def snakemake(folder: Path, *arguments: str) -> tuple[str, float]:
    """Run Snakemake; return what it says and the seconds that its jobs took."""
    command = [sys.executable, "-m", "snakemake", "--cores", "2", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    dates = [file.stat().st_mtime for file in (folder / "made").iterdir()]
    assert len(dates) == 40
    return done.stdout, max(dates) - min(dates)


def test_finished_jobs_leave_no_timers_behind(folder):
    said, _ = snakemake(folder)
    (threads,) = re.findall(r"threads at the end: (\d+)", said)
    # Left as it is, Snakemake 9.27 has one more for each job of the last second, and their sum.
    assert int(threads) <= 2


def test_a_limit_of_jobs_per_timespan_still_holds(folder):
    started = time.monotonic()
    _, seconds = snakemake(folder, "--max-jobs-per-timespan", "20/4s")
    assert seconds >= 3
    assert time.monotonic() - started < 60


def test_a_scheduler_of_another_version_is_left_as_it_is():
    from wganbench.jobs.scheduler import calm

    class Other:
        job_rate_limiter = object()

    calm(other := Other())
    assert vars(other) == {}
