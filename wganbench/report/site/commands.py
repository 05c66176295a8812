"""The commands that make runs again, and what is measured on them."""

from collections.abc import Iterator, Sequence

from wganbench.plan.runs import Run
from wganbench.plan.steps import commands, measurements
from wganbench.records.layout import RUNS


def section_commands(runs: Sequence[Run]) -> str:
    """Return what makes all these runs again, and the first of them alone."""
    return "\n".join(_lines(runs)) if runs else ""


def _lines(runs: Sequence[Run]) -> Iterator[str]:
    first, scale = runs[0], runs[0].scale
    experiments = " ".join(dict.fromkeys(run.experiment for run in runs))
    last = [step.file for step in measurements(first)] or ["curves.parquet"]
    yield "# every run of it, then summary, verdicts and report"
    yield f"wganbench run {experiments} --scale {scale}"
    yield ""
    yield "# one run alone; the table of runs has every run's name"
    yield from commands(first)
    yield ""
    yield "# the same through Snakemake, which makes what is missing"
    yield f"snakemake --cores 2 --config scale={scale} -- {RUNS / first.id / last[-1]}"
