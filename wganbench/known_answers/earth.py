"""W1 on the line: Fleuret's two examples, by distribution functions and by a potential."""

import numpy as np
from scipy.stats import wasserstein_distance

from wganbench.known_answers import Answer, Known
from wganbench.transport.one_dimensional import (
    kantorovich_potential,
    piecewise_w1,
    pile_deltas,
    pile_w1,
)
from wganbench.transport.piecewise import PiecewiseConstant

REAL = PiecewiseConstant.from_pieces((1, 2, 0.25), (3, 4, 0.25), (9, 10, 0.5))
MODEL = PiecewiseConstant.from_pieces((5, 7, 1.0))
PILES = ((3, 2, 1, 4), (1, 2, 4, 3))
DELTAS = (0, 2, 2, -1, 0)
GRID = np.linspace(0, 11, 110_001)  # the pieces' edges are among its points


def expectation(law: PiecewiseConstant, knots: np.ndarray, values: np.ndarray) -> float:
    """Return the mean of a function that is linear between knots, by the trapezoidal rule."""
    middles = (GRID[:-1] + GRID[1:]) / 2
    return float(law.density(middles) * np.interp(middles, knots, values) @ np.diff(GRID))


def _by_potential() -> float:
    knots, values = kantorovich_potential(REAL, MODEL)
    return expectation(REAL, knots, values) - expectation(MODEL, knots, values)


def _by_places() -> float:
    places = np.arange(len(PILES[0]))
    return float(sum(PILES[0]) * wasserstein_distance(places, places, *PILES))


KNOWN = Known(
    title="Earth on a line",
    source="Fleuret, EE-559 lecture 10.2",
    answers=(
        Answer("W1 of three steps and one", "3", 3, piecewise_w1(REAL, MODEL),
               "area between the distribution functions"),
        Answer("the same by a critic", "3", 3, _by_potential(),
               "difference of the means of a potential with slopes of at most 1"),
        Answer("W1 of the piles 3, 2, 1, 4 and 1, 2, 4, 3", "5", 5, pile_w1(*PILES),
               "sum of what crosses each gap"),
        Answer("the same as an optimal transport", "5", 5, _by_places(), "scipy, times the mass"),
        Answer("largest difference of what crosses the gaps", "0, 2, 2, −1, 0", 0,
               float(np.abs(pile_deltas(*PILES) - DELTAS).max()), "gap by gap"),
    ),
)  # fmt: skip
