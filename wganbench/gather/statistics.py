"""The statistics that figures and tables show: each a small function of numbers."""

from collections.abc import Sequence
from math import comb, fsum

import numpy as np
import pandas as pd
from jaxtyping import Float

OFFICIAL_WINDOW = 101  # iterations; the median filter of [WGAN]'s official code
WINDOWS_PER_RUN = 10  # a short run is filtered over a tenth of it: 101 of 250 would flatten it
MIN_RANKED = 3  # two points always correlate perfectly


def window_iterations(iterations: int) -> int:
    """Return over how many iterations curves are median-filtered: an odd number."""
    return min(OFFICIAL_WINDOW, iterations // WINDOWS_PER_RUN) // 2 * 2 + 1


def median_filtered(values: pd.Series, window: int, log_every: int = 1) -> pd.Series:
    """Return the running median over a window of iterations, centred, narrower at the ends."""
    rows = max(window // log_every // 2 * 2 + 1, 1)
    return values.rolling(rows, center=True, min_periods=1).median()


def rank_correlation(x: pd.Series, y: pd.Series) -> float | None:
    """Return Spearman's rank correlation of the pairs that are complete.

    None for fewer than three pairs, or where one side does not vary.
    """
    complete = x.notna() & y.notna()
    x, y = x[complete], y[complete]
    if len(x) < MIN_RANKED or x.nunique() < 2 or y.nunique() < 2:
        return None
    # Spearman's is Pearson's of the ranks; importing scipy.stats takes longer than all of them.
    return float(np.corrcoef(x.rank(), y.rank())[1, 0])


def first_reached(
    at: Float[np.ndarray, " point"], values: Float[np.ndarray, " point"], target: float
) -> float:
    """Return when a falling score first is at most a target; infinite if it never is.

    Between two points its logarithm is taken as a straight line. A score that is there at the first
    point may have been before: that point is the latest that it can be.

    Args:
        at: iterations or seconds, ascending.
        values: the score there.
        target: in the score's unit, positive.
    """
    reached = np.flatnonzero(values <= target)
    if not len(reached):
        return float("inf")
    k = int(reached[0])
    if k == 0 or values[k] <= 0:
        return float(at[k])
    share = np.log(values[k - 1] / target) / np.log(values[k - 1] / values[k])
    return float(at[k - 1] + share * (at[k] - at[k - 1]))


def expected_best(values: Sequence[float], k: int) -> float:
    """Return the mean, over all choices of k of the values, of the smallest one chosen.

    What tuning with k random settings comes to (Lucic et al. 2018, figure 2). Of the sorted values
    the i-th is the smallest in C(n - i, k - 1) of the C(n, k) choices.
    """
    n = len(values)
    if not 1 <= k <= n:
        raise ValueError(f"k is {k}, of {n} values")
    smallest = sorted(values)[: n - k + 1]
    return fsum(comb(n - i, k - 1) / comb(n, k) * v for i, v in enumerate(smallest, start=1))


def mean_distance(points: Float[np.ndarray, "n dim"]) -> float:
    """Return the mean Euclidean distance between two of some points."""
    from scipy.spatial.distance import pdist  # half a second, which runs without images spare

    return float(pdist(points).mean())
