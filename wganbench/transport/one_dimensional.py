"""W1 on the line, where it is the area between two distribution functions.

W1 = integral of abs(F - G) [Vallender 1974]; the optimal plan moves mass in order, so between two
samples of one size it is the mean distance of their order statistics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wganbench.transport.piecewise import PiecewiseConstant, common_refinement

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy.typing import ArrayLike


def sorted_w1(x: Float[np.ndarray, " n"], y: Float[np.ndarray, " m"]) -> float:
    """W1 between two samples of numbers: by sorting for equal sizes, else by `cdf_w1`."""
    if len(x) != len(y):
        return cdf_w1(x, y)
    return float(np.abs(np.sort(x) - np.sort(y)).mean())


def cdf_w1(x: Float[np.ndarray, " n"], y: Float[np.ndarray, " m"]) -> float:
    """W1 between two samples of any sizes: the area between their step functions."""
    steps = np.sort(np.concatenate([x, y]))
    below_x = np.searchsorted(np.sort(x), steps[:-1], side="right") / len(x)
    below_y = np.searchsorted(np.sort(y), steps[:-1], side="right") / len(y)
    return float(np.abs(below_x - below_y) @ np.diff(steps))


def piecewise_w1(p: PiecewiseConstant, q: PiecewiseConstant) -> float:
    """W1 between two piecewise-constant densities, exactly, in the units of their edges."""
    knots, gaps = _cdf_gap(p, q)
    return float((np.abs(gaps[:-1]) + np.abs(gaps[1:])) @ np.diff(knots) / 2)


def kantorovich_potential(
    p: PiecewiseConstant, q: PiecewiseConstant
) -> tuple[Float[np.ndarray, " knots"], Float[np.ndarray, " knots"]]:
    """A 1-Lipschitz f with E_p f - E_q f = W1(p, q): its knots and its values, linear between.

    Its slope is the sign of G - F: integrating by parts, E_p f - E_q f = integral of f' (G - F),
    which no 1-Lipschitz function makes larger.
    """
    knots, gaps = _cdf_gap(p, q)
    slopes = np.sign(-(gaps[:-1] + gaps[1:]))
    return knots, np.concatenate([[0.0], (slopes * np.diff(knots)).cumsum()])


def _cdf_gap(
    p: PiecewiseConstant, q: PiecewiseConstant
) -> tuple[Float[np.ndarray, " knots"], Float[np.ndarray, " knots"]]:
    """F - G at all edges and at its zeros between them: linear, of one sign, between knots."""
    edges, _, _ = common_refinement(p, q)
    gaps = p.cdf(edges) - q.cdf(edges)
    left, right = gaps[:-1], gaps[1:]
    crosses = left * right < 0
    share = left[crosses] / (left[crosses] - right[crosses])
    zeros = edges[:-1][crosses] + share * np.diff(edges)[crosses]
    knots = np.concatenate([edges, zeros])
    order = np.argsort(knots, kind="stable")
    return knots[order], np.concatenate([gaps, np.zeros(len(zeros))])[order]


def pile_deltas(p: ArrayLike, q: ArrayLike) -> Float[np.ndarray, " piles+1"]:
    """What is carried over each gap when piles p become piles q, left to right; starts at 0.

    Raises:
        ValueError: not two equally long rows of piles, or not as much earth in both.
    """
    piles_p, piles_q = np.asarray(p, dtype=np.float64), np.asarray(q, dtype=np.float64)
    if piles_p.ndim != 1 or piles_p.shape != piles_q.shape:
        raise ValueError(f"piles of shapes {piles_p.shape} and {piles_q.shape} do not correspond")
    total = max(piles_p.sum(), piles_q.sum())
    if not abs(piles_p.sum() - piles_q.sum()) <= 1e-12 * abs(total):
        raise ValueError(f"{piles_p.sum()} of earth cannot become {piles_q.sum()}")
    return np.concatenate([[0.0], (piles_p - piles_q).cumsum()])


def pile_w1(p: ArrayLike, q: ArrayLike, spacing: float = 1.0) -> float:
    """Earth times distance to turn piles p into q: not divided by the total mass.

    Raises:
        ValueError: as `pile_deltas`.
    """
    return float(np.abs(pile_deltas(p, q)).sum() * spacing)
