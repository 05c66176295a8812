"""Runs as rows of settings, and selections of them: by configuration, never by name."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from wganbench.plan.runs import Run

Where = Mapping[str, Any]
"""Dotted settings and the value they have, a list of such values, or a predicate, which is asked
about NaN where a run has no such setting."""

ALONE: Where = {"algorithm": "critic-only"}
"""Critics trained alone, on a fixed pair of laws."""
VAE: Where = {"algorithm": "vae"}
"""Generators of images that were trained with an encoder, without a critic."""
FROZEN: Where = {"algorithm": "frozen-critic"}
"""Generators whose critic stopped learning before they did."""


def settings_of(runs: Iterable[Run]) -> pd.DataFrame:
    """Return a row for each run: `run`, `experiment`, `scale`, `data.kind`, all dotted settings."""
    return pd.json_normalize([_described(run) for run in runs])


def chosen(settings: pd.DataFrame, where: Where) -> pd.DataFrame:
    """Return the rows that have these values."""
    rows = np.ones(len(settings), dtype=bool)
    for key, wanted in where.items():
        known = settings[key] if key in settings else pd.Series(np.nan, settings.index)
        rows &= _has(known, wanted).to_numpy(dtype=bool)
    return settings[rows]


def as_texts(settings: pd.DataFrame) -> list[str]:
    """Return a text for each row; equal settings have equal texts."""
    known = settings.to_numpy(dtype=object, copy=True)
    known[settings.isna().to_numpy(dtype=bool)] = None
    return [json.dumps(row, default=str) for row in known.tolist()]


def _described(run: Run) -> dict[str, Any]:
    resolved = run.configuration.resolved()
    data = {**resolved["data"], "kind": run.configuration.data.kind}
    names = {"run": run.id, "experiment": run.experiment, "scale": run.scale}
    return {**names, **resolved, "data": data}


def _has(column: pd.Series, wanted: Any) -> "pd.Series[bool]":
    if callable(wanted):
        return column.map(lambda value: bool(wanted(value)))
    if isinstance(wanted, (list, tuple)):
        return column.isin(list(wanted))
    return column.eq(wanted)
