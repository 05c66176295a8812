"""Take away what is off the grid or made by other code: the results hold the plan's, no more."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from wganbench.data import DataSet
from wganbench.locks import LOCKS, is_written
from wganbench.operations import freshness
from wganbench.plan.runs import Run
from wganbench.plan.steps import EXTRACTOR, TRAIN
from wganbench.records.choices import choices_file
from wganbench.records.data import DATA
from wganbench.records.layout import EXTRACTORS, RECORD

PRUNED = Path("scratch/pruned")


@dataclass(frozen=True)
class Removal:
    """Something that does not belong among the results, and why."""

    path: Path
    reason: str


def removals(
    runs: list[Run], results: Path, data: Path = DATA, locks: Path = LOCKS
) -> Iterator[Removal]:
    """Yield what is not the plan's; a run that is being trained or measured is left alone."""
    planned = {run.id: run for run in runs}
    chosen = {choices_file(run.experiment, run.scale, results) for run in runs if run.candidate}
    for path in _entries(results):
        run_id = path.relative_to(results).as_posix()
        if path in chosen:
            continue
        if any(is_written(run_id, step, locks) for step in TRAIN.locks):
            continue
        yield from _in_run(planned.get(run_id), path)
    yield from _in_data({run.configuration.data.id: run.configuration.data for run in runs}, data)
    yield from _in_extractors(runs, results.with_name(EXTRACTORS.name), locks)


def _entries(results: Path) -> Iterator[Path]:
    """Yield what lies where runs do: a stray file or a dead link is recorded like a run is."""
    for experiment in sorted(results.glob("*")):
        if experiment.is_dir() and (inside := sorted(experiment.iterdir())):
            yield from inside
        else:
            yield experiment


def _in_run(run: Run | None, path: Path) -> Iterator[Removal]:
    if run is None or not path.is_dir():
        yield Removal(path, "is off the grid")
    elif (path / RECORD).exists() and (reason := freshness.why_stale(run, path)):
        yield Removal(path, reason)
    else:
        for file, reason in freshness.stale_measurements(run, path).items():
            yield Removal(path / file, reason)


def _in_data(sets: dict[str, DataSet], folder: Path) -> Iterator[Removal]:
    for path in sorted(folder.glob("*.npz")):
        data = sets.get(path.stem)
        if reason := freshness.why_stale_data(data, path) if data else "is off the grid":
            yield Removal(path, reason)
            yield Removal(path.with_suffix(".json"), reason)


def _in_extractors(runs: list[Run], folder: Path, locks: Path) -> Iterator[Removal]:
    wanted = {run.configuration.data.id: run for run in runs}
    for path in sorted(folder.glob("[!.]*")):
        if is_written(f"{folder.name}/{path.stem}", EXTRACTOR.name, locks):
            continue
        run = wanted.get(path.stem)
        if reason := freshness.why_stale_extractor(run, path) if run else "is off the grid":
            yield Removal(path, reason)


def prune(removed: list[Removal], pruned: Path = PRUNED) -> Path:
    """Move these out of the results, into a folder of this moment's own, and return that."""
    moment = _new_folder(pruned)
    for removal in removed:
        if not os.path.lexists(removal.path):
            continue
        target = moment / removal.path
        target.parent.mkdir(parents=True, exist_ok=True)
        # The results may be a link to another disk.
        shutil.move(removal.path, target)
        experiment = removal.path.parent
        if experiment.parent.name == "runs" and not any(experiment.iterdir()):
            experiment.rmdir()
    return moment


def _new_folder(pruned: Path) -> Path:
    """Return a folder named by the time, and by a number where a clock gave that time before."""
    name = datetime.now().astimezone().strftime("%Y-%m-%dT%H-%M-%S-%f")
    folders = (pruned / (f"{name}-{n}" if n else name) for n in count())
    return next(folder for folder in folders if not folder.exists())
