"""CPU seconds that a step's process imports for, before it computes anything."""

import resource
import subprocess
import sys

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

ROUNDS = 5
# What each step's command imports, at its top or on its way; a frame for who makes one.
STEPS = {
    "nothing": "wganbench.plan.params",
    "train": "wganbench.training.train",
    "transport": "wganbench.transport.measure",
    "fidelity of mixtures": "wganbench.fidelity.measure",
    "fidelity of images": "wganbench.fidelity.measure, wganbench.fidelity.images",
    "summary": "wganbench.report.tables.summary",
    "claims": "wganbench.claims.judging.store",
    "report": "wganbench.report.site.write",
}
WRITES = """
import sys, tempfile
from pathlib import Path
import wganbench.cli, wganbench.plan.params, wganbench.locks, {modules}
from wganbench.records.transport import SCHEMA
from wganbench.records.tables import write_table
with tempfile.TemporaryDirectory() as folder:
    write_table([dict(seed=0, iteration=1)], SCHEMA, Path(folder) / "table.parquet")
"""


def seconds_of_children() -> float:
    """Return the CPU seconds, user's and system's, of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.benchmark(group="imports", timer=seconds_of_children)
@pytest.mark.parametrize("step", STEPS)
def test_imports(benchmark: BenchmarkFixture, step: str) -> None:
    """Measure a process that imports, writes one row and ends."""
    command = [sys.executable, "-c", WRITES.format(modules=STEPS[step])]
    benchmark.pedantic(lambda: subprocess.run(command, check=True), rounds=ROUNDS, warmup_rounds=1)
