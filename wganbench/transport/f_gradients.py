"""How a normal model moves on the line: along an f-divergence's own gradient, or a critic's.

Both in the model's mean and standard deviation, x = mean + sd z, and both downhill.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import norm

from wganbench.transport.f_divergences import SCALED, exact_divergence

if TYPE_CHECKING:
    from jaxtyping import Float

    from wganbench.objectives.divergences.table import Divergence
    from wganbench.transport.f_divergences import LogDensity

STEP = 1e-4  # of the central differences, in the data's unit


def exact_descent(
    row: Divergence, data: LogDensity, mean: float, sd: float
) -> Float[np.ndarray, "2"]:
    """Return minus the gradient of D_f(data || N(mean, sd^2)) in mean and sd."""

    def slope(mean_step: float, sd_step: float) -> float:
        ahead, behind = (
            exact_divergence(row, data, mean + sign * mean_step, sd + sign * sd_step)
            for sign in (1, -1)
        )
        return (ahead - behind) / (2 * STEP)

    return -np.array([slope(STEP, 0.0), slope(0.0, STEP)])


def critic_descent(
    row: Divergence,
    mean: float,
    sd: float,
    points: Float[np.ndarray, " point"],
    values: Float[np.ndarray, " point"],
) -> Float[np.ndarray, "2"]:
    """Return minus the gradient of the bound, E -f*(T(x)), that this critic hands the model.

    Args:
        row: the divergence.
        mean: of the model.
        sd: likewise.
        points: where the critic was evaluated, in order. Between them it is taken as linear, and
            beyond them as constant.
        values: V there.
    """
    import torch

    x = mean + sd * SCALED
    v = torch.from_numpy(np.interp(x, points, values)).requires_grad_()
    (outer,) = torch.autograd.grad(row.conjugate(v).sum(), v)
    slopes = np.interp(x, points, np.gradient(values, points))
    pull = outer.numpy() * slopes * norm.pdf(SCALED)
    return np.array([np.trapezoid(pull, SCALED), np.trapezoid(pull * SCALED, SCALED)])
