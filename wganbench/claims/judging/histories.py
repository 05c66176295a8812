"""What happens along a replica's training, as one number for each replica."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from wganbench.claims.judging.evidence import FLOORS, Evidence
from wganbench.gather.selection import Where
from wganbench.gather.statistics import MIN_RANKED, median_filtered, window_iterations


def along_evaluations(
    evidence: Evidence,
    where: Where,
    columns: tuple[str, str],
    statistic: Callable[[pd.DataFrame], float],
) -> pd.DataFrame:
    """Return `run`, `seed`, the statistic of two columns' history as `value`, and `floor`.

    The floor is the second column's, if it is a distance. No row for fewer than three evaluations.
    """
    floor = FLOORS.get(columns[1], "")
    rows = [
        (run, seed, statistic(history), history[floor].mean() if floor in history else np.nan)
        for (run, seed), history in evidence.history(where, *columns).groupby(["run", "seed"])
        if len(history) >= MIN_RANKED
    ]
    table = pd.DataFrame(rows, columns=["run", "seed", "value", "floor"])
    return table.astype({"value": float, "floor": float})


def along_curves(
    evidence: Evidence, where: Where, statistic: Callable[["pd.Series[float]"], float | None]
) -> pd.DataFrame:
    """Return `run`, `seed` and a statistic of the median-filtered estimate, by iteration.

    The estimate is that on training batches. No row where the statistic is None.
    """
    settings = evidence.runs(where).set_index("run")
    curves = evidence.among(evidence.curves, where).sort_values("iteration")
    rows = []
    for (run, seed), curve in curves.groupby(["run", "seed"]):
        window = window_iterations(int(settings["iterations"][str(run)]))
        estimate = curve.set_index("iteration")["estimate"]
        filtered = median_filtered(estimate, window, int(settings["log_every"][str(run)]))
        rows.append((run, seed, statistic(filtered)))
    table = pd.DataFrame(rows, columns=["run", "seed", "value"]).dropna(subset=["value"])
    return table.astype({"seed": int, "value": float})
