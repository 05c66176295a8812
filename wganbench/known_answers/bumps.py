"""Two laws that differ in the place of a bump: Jensen-Shannon saturates, W1 goes on.

The closed form on the lecture's slide is negative for every width, and so a misprint.
"""

import numpy as np
from scipy.special import rel_entr

from wganbench.known_answers import Answer, Known
from wganbench.transport.one_dimensional import piecewise_w1
from wganbench.transport.piecewise import PiecewiseConstant, common_refinement

LENGTH, WIDTH, MASS = 10.0, 1.0, 0.5  # of the background and the bump; the bump's share


def bump(shift: float) -> PiecewiseConstant:
    """Return a flat background with a bump, moved by `shift` from where it begins."""
    left = 1.0 + shift
    return PiecewiseConstant.from_pieces((0, LENGTH, 1 - MASS), (left, left + WIDTH, MASS))


def jensen_shannon(p: PiecewiseConstant, q: PiecewiseConstant) -> float:
    """Return their Jensen-Shannon divergence in nats, a sum over pieces."""
    edges, of_p, of_q = common_refinement(p, q)
    heights = (rel_entr(2 * of_p, of_p + of_q) + rel_entr(2 * of_q, of_p + of_q)) / 4
    return float(heights @ np.diff(edges))


def _between(shift: float) -> tuple[float, float]:
    return jensen_shannon(bump(0), bump(shift)), piecewise_w1(bump(0), bump(shift))


_JS, _W1 = zip(*(_between(shift) for shift in (WIDTH / 2, WIDTH, 3 * WIDTH)), strict=True)

KNOWN = Known(
    title="A bump that moves",
    source="Fleuret, EE-559 lecture 10.2",
    answers=(
        Answer("JS at three widths over JS at one", "1: constant beyond the width", 1,
               _JS[2] / _JS[1], "exact sum over pieces"),
        Answer("JS at half a width over JS at one", "1/2: linear up to the width", 0.5,
               _JS[0] / _JS[1], "exact sum over pieces"),
        Answer("W1 at three widths over W1 at one", "3: grows on", 3, _W1[2] / _W1[1],
               "area between the distribution functions"),
    ),
)  # fmt: skip
