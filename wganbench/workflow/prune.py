"""Take away what is off the grid or made by other code: the results hold the plan's, no more."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wganbench.data import DataSet
from wganbench.data.store import DATA
from wganbench.locks import LOCKS, is_written
from wganbench.plan.products import RECORD
from wganbench.plan.runs import Run
from wganbench.workflow.freshness import folders, stale_measurements, why_stale, why_stale_data

PRUNED = Path("scratch/pruned")


@dataclass(frozen=True)
class Removal:
    """Something that does not belong among the results, and why."""

    path: Path
    reason: str


def removals(
    runs: list[Run], results: Path, data: Path = DATA, locks: Path = LOCKS
) -> Iterator[Removal]:
    """Yield what is not the plan's; a run that is being trained is left alone."""
    planned = {run.id: run for run in runs}
    for folder in folders(results):
        run_id = folder.relative_to(results).as_posix()
        if is_written(run_id, "train", locks):
            continue
        yield from _in_run(planned.get(run_id), folder)
    yield from _in_data({run.configuration.data.id: run.configuration.data for run in runs}, data)


def _in_run(run: Run | None, folder: Path) -> Iterator[Removal]:
    if run is None:
        yield Removal(folder, "is off the grid")
    elif (folder / RECORD).exists() and (reason := why_stale(run, folder)):
        yield Removal(folder, reason)
    else:
        for file, reason in stale_measurements(run, folder).items():
            yield Removal(folder / file, reason)


def _in_data(sets: dict[str, DataSet], folder: Path) -> Iterator[Removal]:
    for path in sorted(folder.glob("*.npz")):
        data = sets.get(path.stem)
        reason = "is off the grid" if data is None else why_stale_data(data, path)
        if reason:
            yield Removal(path, reason)
            yield Removal(path.with_suffix(".json"), reason)


def prune(removed: list[Removal], delete: bool = False, pruned: Path = PRUNED) -> None:
    """Move these out of the results, or delete them and what was moved earlier."""
    for removal in removed:
        if not removal.path.exists():
            continue
        if delete:
            _delete(removal.path)
        else:
            target = pruned / removal.path
            _delete(target)
            target.parent.mkdir(parents=True, exist_ok=True)
            removal.path.rename(target)
        if removal.path.parent.parent.name == "runs" and not any(removal.path.parent.iterdir()):
            removal.path.parent.rmdir()  # an experiment without a run
    if delete:
        _delete(pruned)


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
