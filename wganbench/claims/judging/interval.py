"""What is typical over seeds, and an interval that covers it as often as it says.

The target is the median of the law that a seed's effect is drawn from. From six seeds on order
statistics cover it whatever the law is. Three to five seeds have Student's t, which covers it in
93% of cases or more for normal, lognormal and other skewed laws, where a bootstrap covers 75%; it
has no meaning where seeds tie, as they do where a statistic ends, or where a replica diverged.
Where architectures are drawn in place of seeds, the target is a share of all that might have been
drawn, and its interval the exact binomial one.
tests/claims/test_coverage.py simulates all three on the designs of the experiments.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

CONFIDENCE = 0.95
SEEDS = 3  # with two, Student's t has one degree of freedom and intervals that say nothing
RANKED_SEEDS = 6  # the range over n seeds covers the median with probability 1 - 2^(1-n)


class Interval(NamedTuple):
    """The median over seeds and the interval about it."""

    typical: float
    low: float
    high: float


def over_seeds(effects: Float[np.ndarray, " seed"], lost: float) -> Interval | None:
    """Return what is typical over independent seeds, and its 95% interval.

    Args:
        effects: one number for each seed.
        lost: a size that only a replica that diverged has; of these only the rank counts.

    Returns:
        None where so few seeds have no interval.
    """
    n = len(effects)
    if n < SEEDS:
        return None
    ordered, middle = np.sort(effects), float(np.median(effects))
    if n >= RANKED_SEEDS:
        rank = _rank(n)
        return Interval(middle, float(ordered[rank]), float(ordered[n - 1 - rank]))
    if _has_ties(effects, lost):
        return None
    half = _students_quantile(n - 1) * float(effects.std(ddof=1)) / n**0.5
    mean = float(effects.mean())
    return Interval(middle, mean - half, mean + half)


def p_value(effects: Float[np.ndarray, " seed"], bar: float, lost: float) -> float | None:
    """Return the two-sided p of the hypothesis that the bar is typical; None without an interval.

    Student's t; the sign test where seeds tie or a replica diverged.
    """
    if over_seeds(effects, lost) is None:
        return None
    from scipy.stats import binomtest, ttest_1samp

    if _has_ties(effects, lost):
        apart = effects[effects != bar]
        return float(binomtest(int((apart > bar).sum()), len(apart)).pvalue) if len(apart) else 1.0
    return float(ttest_1samp(effects, bar).pvalue)


def of_share(effects: Float[np.ndarray, " unit"]) -> Interval | None:
    """Return the share of ones among independent zeros and ones (Clopper and Pearson 1934).

    Returns:
        None of so few that no share could be told from another.
    """
    if len(effects) < SEEDS:
        return None
    from scipy.stats import binomtest

    found = binomtest(int(effects.sum()), len(effects)).proportion_ci(CONFIDENCE, "exact")
    return Interval(float(effects.mean()), float(found.low), float(found.high))


def p_of_share(effects: Float[np.ndarray, " unit"], bar: float) -> float | None:
    """Return the two-sided p of the hypothesis that the share is the bar: the exact sign test."""
    if len(effects) < SEEDS:
        return None
    from scipy.stats import binomtest

    return float(binomtest(int(effects.sum()), len(effects), bar).pvalue)


def surviving(p_values: Float[np.ndarray, " claim"]) -> Float[np.ndarray, " claim"]:
    """Return Holm's adjusted p values (Holm 1979): together they err in 5% of cases at .05."""
    order = np.argsort(p_values)
    factors = np.arange(len(p_values), 0, -1)
    adjusted = np.minimum(np.maximum.accumulate(factors * p_values[order]), 1.0)
    found: Float[np.ndarray, " claim"] = np.empty_like(adjusted)
    found[order] = adjusted
    return found


def _has_ties(effects: Float[np.ndarray, " seed"], lost: float) -> bool:
    return len(np.unique(effects)) < len(effects) or bool((np.abs(effects) >= lost).any())


@cache
def _students_quantile(freedom: int) -> float:
    from scipy.stats import t  # half a second

    return float(t.ppf((1 + CONFIDENCE) / 2, freedom))


@cache
def _rank(n: int) -> int:
    """Return how many order statistics may be left out on either side of n."""
    from scipy.stats import binom

    tail = (1 - CONFIDENCE) / 2
    return int(np.flatnonzero(binom.cdf(np.arange(n), n, 0.5) <= tail)[-1])
