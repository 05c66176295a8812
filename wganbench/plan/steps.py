"""The table of steps: which files each makes, of what, by what code, and what its jobs take.

Rules, commands, locks, `run`, `status`, `verify`, `prune` and the gathering of results walk this
table. A new measurement is a folder with its code and a row in `wganbench/plan/measurements/`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wganbench.found import stated
from wganbench.plan.step import (
    Measurement,
    Step,
    at_scales,
    data_files,
    inception_on_gpu,
    space_files,
)
from wganbench.records import layout

if TYPE_CHECKING:
    from wganbench.plan.runs import Run

MEASUREMENTS: tuple[Measurement, ...] = tuple(
    stated("wganbench.plan.measurements", "ROW", Measurement).values()
)
DATA_SET = Step(
    name="data",
    subject="data set",
    modules=("wganbench.data.store",),
    memory=at_scales(1000, 1000, 1000, 1000),
    minutes=at_scales(10, 10, 60, 480),
)
TRAIN = Step(
    name="train",
    subject="run",
    modules=("wganbench.training.train",),
    files=layout.TRAINED,
    reads=data_files,
    resumes=True,
    locks_too=tuple(step.name for step in MEASUREMENTS),
    on_gpu=lambda run: run.device == "cuda",
    # Of those whose operations cannot be counted; the others' see `operations.asks`.
    memory=at_scales(1500, 2000, 8000, 16000),
    minutes=at_scales(10, 30, 240, 2880, desk=120),
)
EXTRACTOR = Step(
    name="extractor",
    subject="data set",
    modules=("wganbench.fidelity.store",),
    reads=data_files,
    applies=lambda run: bool(space_files(run)),
    on_gpu=inception_on_gpu,
    memory=at_scales(4000, 4000, 4000, 8000),
    minutes=at_scales(10, 10, 120, 240),
)
CHOOSE = Step(
    name="choose",
    subject="experiment",
    modules=("wganbench.gather.choosing",),
    memory=at_scales(1000, 1000, 2000, 4000),
    minutes=at_scales(10, 10, 30, 30),
)
SUMMARY = Step(
    name="summary",
    subject="plan",
    modules=("wganbench.report.tables.summary",),
    files=("summary.parquet", "summary.csv", "metrics.json", "plots/w1.csv", "plots/fid.csv"),
    memory=at_scales(2000, 2000, 2000, 4000),
    minutes=at_scales(30, 30, 30, 30),
)
CLAIMS = Step(
    name="claims",
    subject="plan",
    modules=(
        "wganbench.claims.judging.store",
        "wganbench.claims.*",
        "wganbench.gather.measures.*",
    ),
    files=(layout.CLAIMS,),
    memory=at_scales(4000, 4000, 8000, 16000),
    minutes=at_scales(60, 60, 60, 60),
)
REPORT = Step(
    name="report",
    subject="plan",
    modules=("wganbench.report.site.write", "wganbench.papers.*"),
    memory=at_scales(4000, 4000, 8000, 16000),
    minutes=at_scales(30, 30, 60, 60),
)
STEPS = (DATA_SET, TRAIN, EXTRACTOR, *MEASUREMENTS, CHOOSE, SUMMARY, CLAIMS, REPORT)


def measurements(run: Run) -> list[Measurement]:
    """Return what is measured on a run."""
    return [step for step in MEASUREMENTS if step.applies(run)]


def files_of(run: Run) -> list[str]:
    """Return the names of the files that a finished run has."""
    return [*TRAIN.files, *(step.file for step in measurements(run))]


def commands(run: Run) -> list[str]:
    """Return the commands that make one run from nothing, in their order."""
    targets = {"data set": run.configuration.data.id, "run": run.id}
    wanted = [step for step in STEPS if step.subject in targets and step.applies(run)]
    return [f"wganbench {s.name} {targets[s.subject]} --scale {run.scale}" for s in wanted]
