"""Measures: one number for each replica, from files too large for tables; one module each.

A module here states one as `MEASURE`, a `Measure`, and is found by its file. Claims and figures ask
for it by the module's name; files are read then, and once for the same results.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import pandas as pd

from wganbench.found import stated
from wganbench.gather.load import Results
from wganbench.gather.selection import Where, chosen


@dataclass(frozen=True)
class Measure:
    """What is measured, on which runs."""

    about: str
    """What the number is, with its unit and range."""
    where: Where
    """The runs that it is read for."""
    by_seed: Callable[[Results, str], Mapping[int, float]]
    """The numbers of one run, by seed; a seed that diverged, or was not recorded, has none."""


def measures() -> dict[str, Measure]:
    """Return every measure by its module's name.

    Raises:
        TypeError: a module of the package states no measure.
    """
    return stated(__name__, "MEASURE", Measure)


def measured(results: Results, name: str) -> pd.DataFrame:
    """Return `run`, `seed` and `value` of a measure on the results' runs.

    Raises:
        UserError: a run's samples or networks are missing or damaged.
    """
    measure = measures()[name]
    rows = [
        (run, seed, value)
        for run in chosen(results.settings, measure.where)["run"]
        for seed, value in results.once((name, run), partial(measure.by_seed, results, run)).items()
    ]
    table = pd.DataFrame(rows, columns=["run", "seed", "value"])
    return table.astype({"seed": int, "value": float})
