"""The commands that make runs again, and what is measured on them."""

from collections.abc import Iterator, Sequence

from wganbench.plan.runs import Run
from wganbench.records.layout import FIDELITY, RUNS, TRANSPORT, extractor_files, measured


def run_commands(run: Run) -> list[str]:
    """Return the commands that make one run from nothing, in their order."""
    configuration, scale = run.configuration, f"--scale {run.scale}"
    data, files = configuration.data, measured(configuration, run.extractor)
    return [
        f"wganbench data {data.id} {scale}",
        f"wganbench train {run.id} {scale}",
        *([f"wganbench transport {run.id} {scale}"] if TRANSPORT in files else []),
        *(
            [f"wganbench extractor {data.id} {scale}"]
            if FIDELITY in files and extractor_files(data, run.extractor)
            else []
        ),
        *([f"wganbench fidelity {run.id} {scale}"] if FIDELITY in files else []),
    ]


def section_commands(runs: Sequence[Run]) -> str:
    """Return what makes all these runs again, and the first of them alone."""
    return "\n".join(_lines(runs)) if runs else ""


def _lines(runs: Sequence[Run]) -> Iterator[str]:
    first, scale = runs[0], runs[0].scale
    experiments = " ".join(dict.fromkeys(run.experiment for run in runs))
    last = measured(first.configuration, first.extractor) or ("curves.parquet",)
    yield "# every run of it, then summary, verdicts and report"
    yield f"wganbench run {experiments} --scale {scale}"
    yield ""
    yield "# one run alone; the table of runs has every run's name"
    yield from run_commands(first)
    yield ""
    yield "# the same through Snakemake, which makes what is missing"
    yield f"snakemake --cores 2 --config scale={scale} -- {RUNS / first.id / last[-1]}"
