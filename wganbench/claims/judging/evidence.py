"""What claims look at: tidy frames, made from results or by a test."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

Where = Mapping[str, Any]
"""Dotted settings and the value they have, a list of such values, or a predicate, which is asked
about NaN where a run has no such setting."""


NAMES = ("experiment", "method", "variant")
BUDGETS = ("iterations", "log_every", "evaluations", "samples", "patience")


@dataclass(frozen=True)
class Evidence:
    """The results of a plan. Every frame but `settings` has columns `run` and `seed`."""

    settings: pd.DataFrame
    """A row for each run: `run`, `experiment`, `data.kind` and its configuration's dotted keys."""
    seeds: pd.DataFrame
    """A row for each replica: `ok` is False if it diverged."""
    evaluations: pd.DataFrame
    """A row for each `iteration` evaluated, of replicas that did not diverge: distances, floors,
    coverage, fidelity and the critic's estimates."""
    curves: pd.DataFrame
    """The same for each logged iteration: the critic's estimate on its training batch."""
    layers: pd.DataFrame
    """`growth`: decades by which a deep critic's gradient grows from its last layer to its first"""
    weights: pd.DataFrame
    """`at_ends`: share of a clipped critic's weights at -c or c."""
    pulls: pd.DataFrame
    """`share`: the gradient that is left for the model's samples; see `landscapes`."""
    potentials: pd.DataFrame
    """`explained`: share of the exact potential's variance that a critic explains."""

    @cached_property
    def ends(self) -> pd.DataFrame:
        """The last evaluation of each replica that did not diverge."""
        table = self.evaluations.sort_values("iteration")
        return table.groupby(["run", "seed"], sort=False).tail(1)

    @cached_property
    def tasks(self) -> dict[str, str]:
        """The first run of each run's kind: one configuration, names and budgets apart.

        Several experiments hold the same run, or train it longer. With one seed these are the same
        draw of chance, and no independent contexts.
        """
        keys = self.settings.drop(columns=["run", *NAMES, *BUDGETS], errors="ignore")
        texts = keys.astype(object).where(keys.notna(), None).apply(repr_of_row, axis="columns")
        firsts: dict[str, str] = {}
        return {
            str(run): firsts.setdefault(str(text), str(run))
            for run, text in zip(self.settings["run"], texts, strict=True)
        }

    def runs(self, where: Where) -> pd.DataFrame:
        """Return the settings of the runs that have these values."""
        settings = self.settings
        chosen = pd.Series(True, index=settings.index)
        for key, wanted in where.items():
            absent = pd.Series(float("nan"), index=settings.index)
            chosen &= _has(settings.get(key, absent), wanted)
        return settings[chosen]

    def at_end(self, where: Where, column: str) -> pd.DataFrame:
        """Return `run`, `seed`, `value` and `floor` of each replica at its last evaluation.

        The value is missing where a replica diverged; there is no row where nobody measured it.
        """
        ids = self.runs(where)["run"]
        if column not in self.ends:
            return pd.DataFrame(columns=["run", "seed", "value", "floor"])
        floors = self.ends.get(FLOORS.get(column, ""), pd.Series(float("nan"), self.ends.index))
        values = self.ends[["run", "seed"]].assign(value=self.ends[column], floor=floors)
        values = values[values["value"].notna() & values["run"].isin(ids)]
        lost = self.seeds[~self.seeds["ok"] & self.seeds["run"].isin(ids)][["run", "seed"]]
        table = pd.concat([values, lost]) if len(lost) else values
        return table.astype({"value": float, "floor": float})

    def course(self, where: Where, *columns: str) -> pd.DataFrame:
        """Return the evaluations, in order, where all these columns were measured."""
        if not set(columns) <= set(self.evaluations):
            return self.evaluations.iloc[:0]
        table = self.evaluations[self.evaluations["run"].isin(self.runs(where)["run"])]
        return table.dropna(subset=list(columns)).sort_values(["run", "seed", "iteration"])

    def of(self, frame: pd.DataFrame, where: Where) -> pd.DataFrame:
        """Return the rows of a frame that belong to these runs."""
        return frame[frame["run"].isin(self.runs(where)["run"])]


# The column with the floor of a distance: what it is between two samples of one law.
FLOORS = {"w1": "floor", "fid": "fid_floor"}


def repr_of_row(row: pd.Series) -> str:
    """Return a text that is the same for equal settings."""
    return repr([(key, value) for key, value in row.items() if value is not None])


def _has(column: pd.Series, wanted: Any) -> "pd.Series[bool]":
    if callable(wanted):
        return column.map(lambda value: bool(wanted(value))).astype(bool)
    if isinstance(wanted, (list, tuple)):
        return column.isin(list(wanted))
    return column.eq(wanted)
