"""Cells from replicas: each on its own, or paired with the replica of the same seed elsewhere."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wganbench.claims.judging.claim import CELL, no_cells
from wganbench.claims.judging.evidence import Evidence
from wganbench.gather.selection import Where, as_texts

ARCHITECTURE = ("experiment", "data.", "generator.", "critic.")
"""Two runs that agree in these are two methods on one task with the same nets."""
AS_LONG = (*ARCHITECTURE, "iterations", "train_samples")
"""These are trained as long, too, on as many data."""
NORMALISED = ("critic.norm", "critic.init")
"""Under the penalty critics go without batch norm, so that is no difference of the nets."""
PAIRED = ["context", "seed", "left", "right", "floor", "runs", "run_left", "run_right", "key"]
EVERYTHING = ("",)
"""Two runs that agree in all but what is named are one run with that changed."""


def cells(table: pd.DataFrame, effect: pd.Series) -> pd.DataFrame:
    """Return a cell for each row of `run`, `seed` (and `floor`): the run is the context."""
    if table.empty:
        return no_cells()
    floor = table.get("floor", np.nan)
    runs = table["run"].map(lambda run: (run,))
    made = table[["seed"]].assign(
        context=table["run"], effect=effect.astype(float), runs=runs, floor=floor
    )
    return made[list(CELL)]


def paired(
    evidence: Evidence,
    left: Where,
    right: Where,
    values: pd.DataFrame,
    alike: Sequence[str] = ARCHITECTURE,
    apart: Sequence[str] = (),
) -> pd.DataFrame:
    """Return `context`, `seed`, `left`, `right`, `floor`, `runs` for replicas of one seed.

    `key` holds what the two are alike in.

    Args:
        evidence: the results.
        left: settings of the runs on the left.
        right: settings of those on the right.
        values: `run`, `seed`, `value` and perhaps `floor` of replicas.
        alike: keys, or beginnings of keys, in which two runs must agree to be a pair.
        apart: of these, keys in which they need not.
    """
    keys = [
        key
        for key in evidence.settings.columns
        if key not in ("run", *apart) and key.startswith(tuple(alike))
    ]
    keyed = evidence.comparable[["run"]].assign(key=as_texts(evidence.comparable[keys]))
    sides = [keyed[keyed["run"].isin(evidence.runs(side)["run"])] for side in (left, right)]
    pairs = sides[0].merge(sides[1], on="key", suffixes=("_left", "_right"))
    pairs = pairs[pairs["run_left"] != pairs["run_right"]]
    ours, theirs = (
        values.rename(columns={"run": f"run_{side}", "value": side, "floor": f"floor_{side}"})
        for side in ("left", "right")
    )
    if pairs.empty or values.empty:
        return pd.DataFrame(columns=PAIRED)
    merged = pairs.merge(ours, on="run_left").merge(theirs, on=["run_right", "seed"])
    floors = merged.get("floor_left", pd.Series(np.nan, merged.index, dtype=float))
    ids = merged[["run_left", "run_right"]]
    return merged.assign(
        context=ids["run_left"].astype(str) + " | " + ids["run_right"].astype(str),
        runs=ids.apply(tuple, axis="columns") if len(ids) else "",
        floor=floors.fillna(merged.get("floor_right", floors)),
    )


def worst(table: pd.DataFrame) -> pd.DataFrame:
    """Return cells with the largest effect of each context and seed, and all its runs."""
    grouped = table.groupby(["context", "seed"])
    found = grouped.agg(effect=("effect", "max"), runs=("runs", "sum"), floor=("floor", "mean"))
    return found.reset_index()[list(CELL)]


def ratios(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return cells with left over right; a replica that diverged is infinitely far off.

    Where both did nothing is known, and there is no cell.
    """
    if pairs.empty:
        return no_cells()
    left, right = pairs["left"].fillna(np.inf), pairs["right"].fillna(np.inf)
    return pairs.assign(effect=left / right).dropna(subset=["effect"])[list(CELL)]


def differences(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return cells with left minus right; a pair with a replica that diverged is left out."""
    if pairs.empty:
        return no_cells()
    return pairs.assign(effect=pairs["left"] - pairs["right"]).dropna(subset=["effect"])[list(CELL)]


def relative_error(values: pd.Series, truth: pd.Series) -> pd.Series:
    """Return the relative error; that of a replica that diverged is infinite."""
    return lost_is_infinite((values / truth - 1).abs())


def lost_is_infinite(error: pd.Series) -> pd.Series:
    """Return errors, infinite where a replica diverged or says nothing."""
    return error.astype(float).fillna(np.inf)
