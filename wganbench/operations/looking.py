"""One look at a run: where it stands and its curves so far, from its files. Changes none of them.

A finished run's curves are in its folder. Those of one in the making are in its checkpoint, which
the training process replaces as a whole, so that whoever reads it, on whatever machine, has an old
one or a new one; between two of them the log has the iteration.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wganbench.errors import UserError
from wganbench.locks import LOCKS, is_written
from wganbench.operations.status import LOGS, Status, logged, status_of
from wganbench.plan.steps import MEASUREMENTS, TRAIN
from wganbench.records.layout import CHECKPOINT_EVERY, CHECKPOINTS, RUNS

if TYPE_CHECKING:
    import pandas as pd

    from wganbench.plan.runs import Run
    from wganbench.training.state import State

KEY = ["seed", "iteration"]
OVER = ("done", "to measure")
"""The states of a run that is trained."""


@dataclass(frozen=True)
class Places:
    """The folders in which the files of runs are."""

    results: Path = RUNS
    checkpoints: Path = CHECKPOINTS
    logs: Path = LOGS
    locks: Path = LOCKS


@dataclass(frozen=True)
class Look:
    """What is known of a run now."""

    run: Run
    state: str
    """As `wganbench status` has it."""
    note: str
    iteration: int
    """The last one that is known to be done."""
    curves: pd.DataFrame
    """A row for each `seed` and logged `iteration`, with what was measured there."""
    age: float | None = None
    """Seconds since the checkpoint with the curves was written; none of a finished run."""
    seconds_left: float | None = None
    evaluations: dict[int, tuple[Path, str]] = field(default_factory=dict)
    """Of one in the making: the files with its samples, by iteration, with their digests."""
    is_over: bool = False
    """Whether it is trained: nothing of it will change but what is measured on it."""


class Looker:
    """Looks at a run again and again; a file is read again only after it has changed."""

    def __init__(self, run: Run, places: Places | None = None) -> None:
        self.run, self.places = run, places or Places()
        self._read: tuple[float, State] | None = None

    def look(self) -> Look:
        """Return where the run stands.

        Raises:
            UserError: a file of the trained run is missing or damaged.
        """
        places = self.places
        status = status_of(self.run, places.results, places.logs, places.locks)
        if holder := is_written(self.run.id, TRAIN.name, places.locks):
            status = replace(status, note=holder)  # how far it is, this knows better
        found, fault = (None, "") if status.state in OVER else self._checkpoint()
        if status.state in OVER or (status.state == "stale" and found is None):
            curves = curves_of(self.run, places.results / self.run.id)
            last = int(curves["iteration"].max()) if len(curves) else 0
            return Look(self.run, status.state, status.note, last, curves, is_over=True)
        at_log = logged(self.run, places.logs) if status.state == "running" else 0
        if found is None:
            return Look(self.run, status.state, fault or status.note, at_log, _frame([]))
        return self._in_the_making(status, at_log, *found)

    def _in_the_making(self, status: Status, at_log: int, written: float, state: State) -> Look:
        age, done = max(time.time() - written, 0.0), int(state.facts["iteration"])
        left = None
        # Not every file system lets one machine see another's lock; its checkpoints it does.
        if status.state == "running" or age < 2 * CHECKPOINT_EVERY:
            left = _seconds_left(state, max(done, at_log), self.run.configuration.iterations)
        if left is not None and at_log <= done:
            left = max(left - age, 0.0)
        evaluations = {
            int(iteration): (self._folder / f"evaluation-{iteration}", str(digest))
            for iteration, digest in state.facts["evaluations"]
        }
        curves = _frame(state.facts["history"]["rows"])
        return Look(
            self.run, status.state, status.note, max(done, at_log), curves, age, left, evaluations
        )  # fmt: skip

    @property
    def _folder(self) -> Path:
        return self.places.checkpoints / self.run.id

    def _checkpoint(self) -> tuple[tuple[float, State] | None, str]:
        """Return when the run's checkpoint was written, and it; or why there is none to read."""
        from wganbench.training.checkpoint import SCHEMA_VERSION, STATE
        from wganbench.training.state import read_state

        path = self._folder / STATE
        try:
            written = path.stat().st_mtime
            if self._read is None or self._read[0] != written:
                self._read = written, read_state(path)
        except FileNotFoundError:
            return None, ""
        except UserError as error:
            return None, str(error)
        identity = self._read[1].facts.get("identity", {})
        if identity.get("schema_version") != SCHEMA_VERSION:
            return None, f"{path}: is another version's checkpoint"
        if identity.get("run") != self.run.digest:
            return None, f"{path}: is another run's checkpoint"
        return self._read, ""


def curves_of(run: Run, folder: Path) -> pd.DataFrame:
    """Return a trained run's curves, with the numbers of what was measured on it so far.

    Raises:
        UserError: a file is missing or damaged.
    """
    from wganbench.records.curves import read_curves

    table: pd.DataFrame = read_curves(folder / "curves.parquet").to_pandas()
    for step in MEASUREMENTS:
        path = folder / step.file
        if step.applies(run) and path.exists():
            measured = step.read(path, run.digest).to_pandas().set_index(KEY)
            new = measured.select_dtypes("number").drop(columns=table.columns, errors="ignore")
            table = table.merge(new, left_on=KEY, right_index=True, how="left")
    return table


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=None if rows else [*KEY, "is_evaluation"])


def _seconds_left(state: State, iteration: int, iterations: int) -> float | None:
    """Return what the rest takes at the pace up to the checkpoint, evaluations included."""
    done, seconds = state.facts["iteration"], state.facts["seconds_before"]
    return (iterations - iteration) * seconds / done if done else None
