"""How uncertain one exact W1 is: bootstrap intervals, and what each of them covers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike

from wganbench.transport.exact import MEMORY_LIMIT, euclidean_costs, solve, uniform
from wganbench.transport.one_dimensional import sorted_w1
from wganbench.transport.samples import as_paired_points

Method = Literal["centred", "basic", "percentile"]


@dataclass(frozen=True, eq=False)
class BootstrapInterval:
    """An interval around one exact W1, in the units of the samples."""

    estimate: float
    """W1 between the two samples as given."""
    low: float
    high: float
    level: float
    method: Method
    replicates: Float[np.ndarray, " resamples"]
    """W1 between resampled samples, as drawn: biased upwards."""


def bootstrap_interval(
    x: ArrayLike,
    y: ArrayLike,
    rng: np.random.Generator,
    *,
    resamples: int = 200,
    level: float = 0.95,
    method: Method = "centred",
    memory_limit: int = MEMORY_LIMIT,
) -> BootstrapInterval:
    """A bootstrap interval for the exact W1 between x and y, both resampled with replacement.

    Biases come first. The empirical W1 exceeds, on average, the W1 of the laws (by about the
    `floor` where the laws are close), and resampling, which repeats points, adds more of the same:
    the replicates lie above the estimate. Hence no method covers the W1 of the laws in general:

    - "centred" (default): the replicates' spread about their own mean, put around the estimate.
      It covers the EXPECTED empirical W1 at these sizes, the number that belongs beside the
      floor. It does not remove the floor and is no interval for the W1 of the laws.
    - "basic": 2 * estimate - quantiles. Subtracts the replicates' bias as a stand-in for the
      estimate's own; aims at the W1 of the laws and reaches it only far above the floor.
    - "percentile": the replicates' own quantiles; carries the bias twice. For comparison only.

    Measured coverage of nominal 95% intervals, N(0, I) against N(m, I), n = 100 to 300, 50 to 120
    repetitions each, m = 0, 0.25, 1. Of the expected empirical W1: centred .84 to .98 in 2-D and
    .95 to .98 in 8-D; percentile 0 to .94; basic 0 to .90. Of the W1 of the laws, basic: 0 at
    m = 0, .80 and .84 at 0.25, .82 and .88 at 1 in 2-D; 0 throughout in 8-D, as are all three.

    Args:
        x: a sample, as in `exact_w1`.
        y: the other.
        rng: the random stream that resamples.
        resamples: replicates; each solves one transport problem on the one cost matrix.
        level: nominal coverage, between 0 and 1.
        method: see above.
        memory_limit: bytes, as in `exact_w1`.

    Raises:
        UserError: as `exact_w1`.
        ValueError: level, resamples or method out of range.
    """
    if not 0.0 < level < 1.0 or resamples < 2 or method not in ("centred", "basic", "percentile"):
        raise ValueError(f"level={level}, resamples={resamples}, method={method!r} out of range")
    points_x, points_y = as_paired_points(x, y)
    n, m = len(points_x), len(points_y)
    w1_of_rows = _w1_of_rows(points_x, points_y, memory_limit)
    estimate = w1_of_rows(np.arange(n), np.arange(m))
    replicates = np.array(
        [w1_of_rows(rng.integers(n, size=n), rng.integers(m, size=m)) for _ in range(resamples)]
    )
    low, high = _ends(estimate, replicates, level, method)
    return BootstrapInterval(estimate, max(low, 0.0), max(high, 0.0), level, method, replicates)


def _w1_of_rows(
    x: Float[np.ndarray, "n dim"], y: Float[np.ndarray, "m dim"], memory_limit: int
) -> Callable[[Int[np.ndarray, " n"], Int[np.ndarray, " m"]], float]:
    """W1 between chosen rows of x and of y, with the distances computed once for all choices."""
    if x.shape[1] == 1:
        return lambda rows_x, rows_y: sorted_w1(x[rows_x, 0], y[rows_y, 0])
    n, m = len(x), len(y)
    costs = euclidean_costs(x, y, memory_limit)

    def w1(rows_x: Int[np.ndarray, " n"], rows_y: Int[np.ndarray, " m"]) -> float:
        counts_x, counts_y = np.bincount(rows_x, minlength=n), np.bincount(rows_y, minlength=m)
        return solve(costs, counts_x * uniform(n), counts_y * uniform(m))

    return w1


def _ends(
    estimate: float, replicates: Float[np.ndarray, " resamples"], level: float, method: Method
) -> tuple[float, float]:
    low, high = np.quantile(replicates, [(1 - level) / 2, (1 + level) / 2])
    if method == "percentile":
        return float(low), float(high)
    origin = estimate if method == "basic" else replicates.mean()
    return float(estimate - (high - origin)), float(estimate - (low - origin))
