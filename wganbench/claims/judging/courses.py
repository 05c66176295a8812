"""What happens along a replica's training, as one number for each replica."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from wganbench.claims.judging.evidence import FLOORS, Evidence, Where
from wganbench.gather.statistics import (
    MIN_RANKED,
    median_filtered,
    rank_correlation,
    window_iterations,
)

REPLICA = ["run", "seed", "value", "floor"]


def correlations(evidence: Evidence, where: Where, estimate: str, quality: str) -> pd.DataFrame:
    """Return Spearman's correlation of two columns over a replica's evaluations as `value`.

    0 where one of them does not vary; no row for fewer than three evaluations.
    """

    def of_course(course: pd.DataFrame) -> float:
        found = rank_correlation(course[estimate], course[quality])
        return 0.0 if found is None else found

    course = evidence.course(where, estimate, quality)
    return _by_replica(course, of_course, MIN_RANKED, FLOORS.get(quality, ""))


def spreads(
    evidence: Evidence, where: Where, top: str, bottom: str, skipped: float
) -> pd.DataFrame:
    """Return the standard deviation of a quotient along training over its mean, as `value`.

    Args:
        evidence: the results.
        where: the runs.
        top: column of the quotient's numerator.
        bottom: of its denominator.
        skipped: share of the evaluations, at the beginning, that do not count.
    """

    def of_course(course: pd.DataFrame) -> float:
        late = course.iloc[int(skipped * len(course)) :]
        quotient = (late[top] / late[bottom]).to_numpy(dtype=float)
        mean = abs(quotient.mean())
        return float(quotient.std() / mean) if mean > 0 else np.inf

    course = evidence.course(where, top, bottom)
    return _by_replica(course, of_course, MIN_RANKED, FLOORS.get(bottom, ""))


def filtered_estimates(
    evidence: Evidence, where: Where
) -> Iterator[tuple[str, int, "pd.Series[float]"]]:
    """Yield each replica's median-filtered estimate on training batches, by iteration."""
    chosen = evidence.runs(where)
    rates = {
        str(row["run"]): (window_iterations(int(row["iterations"])), int(row["log_every"]))
        for row in chosen.to_dict("records")
    }
    curves = evidence.of(evidence.curves, where).sort_values("iteration")
    for (run, seed), of in curves.groupby(["run", "seed"]):
        filtered = median_filtered(of["estimate"], *rates[str(run)])
        yield (
            str(run),
            int(str(seed)),
            pd.Series(filtered.to_numpy(), index=of["iteration"].to_numpy()),
        )


def replicas(rows: Iterator[tuple[str, int, float]]) -> pd.DataFrame:
    """Return `run`, `seed`, `value` and an empty `floor`."""
    table = pd.DataFrame(list(rows), columns=REPLICA[:3]).assign(floor=np.nan)
    return table.astype({"seed": int, "value": float})


def _by_replica(
    course: pd.DataFrame, value: Callable[[pd.DataFrame], float], least: int, floor: str
) -> pd.DataFrame:
    rows = [
        (run, seed, value(of), of[floor].mean() if floor in of else np.nan)
        for (run, seed), of in course.groupby(["run", "seed"])
        if len(of) >= least
    ]
    return pd.DataFrame(rows, columns=REPLICA).astype({"value": float, "floor": float})
