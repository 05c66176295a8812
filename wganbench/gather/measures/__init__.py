"""Measures: a number for each replica at each evaluation, from a run's files; one module each.

A module here states one as `MEASURE`, a `Measure`, and is found by its file. Claims and figures ask
for it by the module's name; files are read then, and once for the same results.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd

from wganbench.found import stated
from wganbench.gather.load import KEY, Results
from wganbench.gather.selection import Where, chosen

Evaluated = Mapping[tuple[int, int], float]
"""A number by seed and iteration, of evaluations only."""


@dataclass(frozen=True)
class Measure:
    """What is measured, on which runs."""

    about: str
    """What the number is, with its unit and range."""
    where: Where
    """The runs that it is read for."""
    by_evaluation: Callable[[Results, str], Evaluated]
    """The numbers of one run; a seed that diverged, or was not recorded, has none."""
    beside: Where | None = None
    """What takes long is read only in experiments that have a run with these settings."""


def measures() -> dict[str, Measure]:
    """Return every measure by its module's name.

    Raises:
        TypeError: a module of the package states no measure.
    """
    return stated(__name__, "MEASURE", Measure)


def measured(results: Results, name: str) -> pd.DataFrame:
    """Return `run`, `seed`, `iteration` and `value` of a measure on the results' runs, in order.

    Raises:
        UserError: a run's samples are missing or damaged.
    """
    measure = measures()[name]
    found = {
        run: results.once((name, run), partial(measure.by_evaluation, results, run))
        for run in _measured_runs(results.settings, measure)
    }
    rows = [
        (run, *point, value) for run, points in found.items() for point, value in points.items()
    ]
    table = pd.DataFrame(rows, columns=[*KEY, "value"]).sort_values(KEY, ignore_index=True)
    return table.astype({"seed": int, "iteration": int, "value": float})


def _measured_runs(settings: pd.DataFrame, measure: Measure) -> list[str]:
    rows = chosen(settings, measure.where)
    if measure.beside is not None:
        rows = rows[rows["experiment"].isin(chosen(settings, measure.beside)["experiment"])]
    return list(rows["run"])
