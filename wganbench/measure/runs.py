"""A finished run measured as those of the plan are, wherever it lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wganbench.compare.recorded import recorded_run
from wganbench.data.store import write_data
from wganbench.errors import UserError
from wganbench.operations.run import make_space, measure_anew
from wganbench.plan.overview import unmeasured
from wganbench.plan.step import Measurement
from wganbench.plan.steps import measurements
from wganbench.records.data import DATA, check_file
from wganbench.records.layout import Extractor

if TYPE_CHECKING:
    import pandas as pd

    from wganbench.plan.runs import Run

FLOOR, SD = "_floor", "_sd"
ASIDE = ("seed", "iteration", "n", "is_best")  # of the tables' columns those that are no result


@dataclass(frozen=True)
class RunNumber:
    """A number of a run at each seed's last evaluation, over the seeds."""

    name: str
    about: str
    mean: float
    sd: float | None
    floor: float | None
    floor_sd: float | None


@dataclass(frozen=True)
class RunMeasured:
    """What a run's tables say."""

    run: str
    folder: str
    seeds: tuple[int, ...]
    """Those that did not diverge."""
    diverged: tuple[int, ...]
    files: tuple[str, ...]
    """The tables, beside the run's other files."""
    spaces: tuple[str, ...]
    """Where images were measured."""
    left_out: tuple[str, ...]
    numbers: tuple[RunNumber, ...]


def measure_run(folder: Path, extractor: Extractor = "classifier") -> RunMeasured:
    """Write what a run's tables lack into its folder, and return what they say.

    Data and feature space are made where they are missing; no plan needs to know the run.

    Raises:
        UserError: the run is not finished, its files are damaged, or the data are not those that it
            was trained on.
    """
    run, record = recorded_run(folder)
    run = run.model_copy(update={"extractor": extractor})
    _check_data(run, record.provenance.data_sha256)
    make_space(run)
    measure_anew(run, folder)
    ended = {s.seed: s.status == "ok" for s in record.seeds}
    tables = [(step, _last(step, run, folder)) for step in measurements(run)]
    return RunMeasured(
        run=run.id,
        folder=str(folder),
        seeds=tuple(seed for seed, well in ended.items() if well),
        diverged=tuple(seed for seed, well in ended.items() if not well),
        files=tuple(step.file for step, _ in tables),
        spaces=tuple(dict.fromkeys(text for _, table in tables for text in _texts(table))),
        left_out=tuple(line.partition(": ")[2] for line in unmeasured([run])),
        numbers=tuple(number for step, table in tables for number in _numbers(step, table)),
    )


def _check_data(run: Run, trained_on: str) -> None:
    data = run.configuration.data
    path = DATA / f"{data.id}.npz"
    if not path.is_file():
        write_data(data)
    if check_file(path).sha256 != trained_on:
        raise UserError(
            f"{path}: is not the file that {run.id} was trained on; bring that back (`dvc "
            "checkout`), or train the run again"
        )


def _last(step: Measurement, run: Run, folder: Path) -> pd.DataFrame:
    """Return each seed's last row of a table; a diverged seed's last ones are no result."""
    table: pd.DataFrame = step.read(folder / step.file, run.digest).to_pandas()
    return table.sort_values("iteration").groupby("seed").tail(1)


def _texts(table: pd.DataFrame) -> Iterator[str]:
    for column in ("extractor", "random_space"):
        if column in table:
            yield from table[column].dropna().unique()


def _numbers(step: Measurement, table: pd.DataFrame) -> Iterator[RunNumber]:
    import pyarrow as pa

    for field in step.schema:
        name = field.name
        is_number = pa.types.is_integer(field.type) or pa.types.is_floating(field.type)
        beside = name.endswith((FLOOR, SD, "_se")) or name == FLOOR[1:]
        if name in ASIDE or beside or not is_number or table[name].isna().all():
            continue
        floor = FLOOR[1:] if name == "w1" else f"{name}{FLOOR}"
        yield RunNumber(
            name=name,
            about=field.metadata[b"about"].decode(),
            mean=float(table[name].mean()),
            sd=float(table[name].std()) if table[name].count() > 1 else None,
            floor=_mean(table, floor),
            floor_sd=_mean(table, f"{floor}{SD}"),
        )


def _mean(table: pd.DataFrame, column: str) -> float | None:
    known = table[column].dropna() if column in table else ()
    return float(table[column].mean()) if len(known) else None
