"""What several methods come to over tasks and seeds, and how sure that is (Agarwal et al. 2021).

Deep reinforcement learning at the edge of the statistical precipice, arXiv 2108.13264. A score is
better where it is smaller, and that of a replica that diverged is infinite. Scores come in strata:
an array of seeds for each task. docs/methods.md has the formulas and says what differs from the
paper; tests/gather/test_aggregates.py simulates how often the intervals cover.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

CONFIDENCE = 0.95
RESAMPLES = 10_000  # of the bootstrap: its limits are the 24th from either end for six seeds
CUT = 0.25  # of the scores on either side, which an interquartile mean leaves out

Scores = Float[np.ndarray, " seed"]
Strata = Sequence[Scores]


class Estimate(NamedTuple):
    """A number and the limits of its 95% interval."""

    value: float
    low: float
    high: float


def interquartile_mean(scores: Float[np.ndarray, "*batch n"]) -> Float[np.ndarray, "*batch"]:
    """Return the mean of the middle half along the last axis: a quarter is cut on either side.

    Infinite if more than a quarter is.
    """
    n = scores.shape[-1]
    cut = int(CUT * n)
    middle: Float[np.ndarray, "*batch"] = np.sort(scores, axis=-1)[..., cut : n - cut].mean(-1)
    return middle


def aggregate(strata: Strata) -> Estimate:
    """Return the interquartile mean over all tasks and seeds, with a stratified bootstrap interval.

    Seeds are drawn with replacement within each task. Percentiles of so few seeds are too narrow,
    and are taken farther out by what Student's t of one task's seeds and n / (n - 1) come to
    (Hesterberg 2015, The American Statistician 69:4, section 5.3, expanded percentiles).

    Args:
        strata: logarithms of scores, so that a factor counts the same on every task.
    """
    rng = np.random.default_rng(0)  # the same interval for the same scores
    drawn = [scores[rng.integers(len(scores), size=(RESAMPLES, len(scores)))] for scores in strata]
    means = np.sort(interquartile_mean(np.concatenate(drawn, axis=1)))
    outside = int(_expanded_tail(min(map(len, strata))) * RESAMPLES)
    value = interquartile_mean(np.concatenate(strata))
    return Estimate(float(value), float(means[outside]), float(means[-1 - outside]))


def profile(strata: Strata, levels: Float[np.ndarray, " level"]) -> Float[np.ndarray, "level 3"]:
    """Return the share of scores at most each level, and the limits of its interval, pointwise.

    The limits are Clopper and Pearson's (1934) of all scores as one sample: counts that are drawn
    by strata vary less than such a one's (Hoeffding 1956), and where all scores are on one side,
    resamples are too, and would say that this is certain.
    """
    from scipy.stats import beta

    scores = np.concatenate(strata)
    n = len(scores)
    below = np.searchsorted(np.sort(scores), levels, side="right")
    tail = (1 - CONFIDENCE) / 2
    low = np.where(below > 0, beta.ppf(tail, below, n - below + 1), 0.0)
    high = np.where(below < n, beta.ppf(1 - tail, below + 1, n - below), 1.0)
    return np.stack([below / n, low, high], axis=-1)


def improvement(better: Strata, other: Strata) -> Estimate:
    """Return the probability that a run of one method has a smaller score than one of another.

    The mean over tasks of P(X < Y) + P(X = Y) / 2, seeds drawn apart. A task's limits are those of
    Newcombe 2006 (Statistics in Medicine 25, 559-573, method 5), and the mean's are theirs squared
    and added (Zou and Donner 2008, Statistics in Medicine 27, 1693-1702).
    """
    tasks = [_improvement(x, y) for x, y in zip(better, other, strict=True)]
    values, lows, highs = (np.array(column) for column in zip(*tasks, strict=True))
    value = float(values.mean())
    down = float(np.sqrt(np.square(values - lows).sum())) / len(tasks)
    up = float(np.sqrt(np.square(highs - values).sum())) / len(tasks)
    return Estimate(value, max(value - down, 0.0), min(value + up, 1.0))


def _improvement(x: Scores, y: Scores) -> Estimate:
    smaller, equal = x[:, None] < y, x[:, None] == y
    value = float((smaller + equal / 2).mean())
    low = _limit(value, len(x), len(y))
    return Estimate(value, low, 1 - _limit(1 - value, len(x), len(y)))


def _limit(value: float, n: int, m: int) -> float:
    """Return Newcombe's lower limit of P(X < Y): the least that is not rejected by its own error.

    The error is Hanley and McNeil's (1982) for exponential laws, with the mean of both numbers of
    seeds for either; Student's t in place of Newcombe's normal quantile, as seeds are few.
    """
    from scipy.optimize import brentq
    from scipy.stats import t

    quantile = float(t.ppf((1 + CONFIDENCE) / 2, n + m - 2))

    def excess(p: float) -> float:
        pairs = 1 + ((n + m) / 2 - 1) * ((1 - p) / (2 - p) + p / (1 + p))
        return (value - p) - quantile * float(np.sqrt(p * (1 - p) * pairs / (n * m)))

    # At p = value = 1 the error is 0 too, which is not the limit.
    return float(brentq(excess, 0.0, value * (1 - 1e-9))) if value > 0 else 0.0


def _expanded_tail(n: int) -> float:
    """Return the tail's probability of an expanded percentile interval of n seeds."""
    from scipy.stats import norm, t

    quantile = t.ppf((1 + CONFIDENCE) / 2, n - 1) * np.sqrt(n / (n - 1))
    return float(norm.cdf(-quantile))
