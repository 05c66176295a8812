"""f-divergences between a law on the line and a normal one, by quadrature.

The trapezoidal rule with steps of 0.01 over 32 units on either side of 1: of densities as smooth as
a normal one of standard deviation 0.05 it is exact to rounding, and what lies outside weighs less.
Narrower models are taken as that wide. Where a model lies elsewhere its own line is added.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.stats import norm

if TYPE_CHECKING:
    from jaxtyping import Float

    from wganbench.objectives.divergences.table import Divergence

    LogDensity = Callable[[Float[np.ndarray, " point"]], Float[np.ndarray, " point"]]

LINE = np.linspace(-31.0, 33.0, 6401)
NARROWEST = 0.05  # standard deviation
SCALED = np.linspace(-10.0, 10.0, 2001)  # in standard deviations about a mean that is far away
LEAST = -600.0  # log of a density, and of a ratio: beyond it exp is 0
START = (0.0, 0.0)  # mean and log sd that a fit begins with: N(0, 1), as the generator does


class Fit(NamedTuple):
    """A normal law and its divergence from the data's."""

    mean: float
    sd: float
    divergence: float


def exact_divergence(row: Divergence, data: LogDensity, mean: float, sd: float) -> float:
    """Return D_f(data || N(mean, sd^2)), in the divergence's unit.

    Infinite, or huge, where it is infinite: Pearson's, of a model too narrow.
    """
    x, log_q = _model(mean, sd)
    ratio = np.exp(np.clip(data(x) - log_q, LEAST, -LEAST))
    with np.errstate(over="ignore"):
        return float(np.trapezoid(np.exp(log_q) * row.f(ratio), x))


def best_fit(row: Divergence, data: LogDensity) -> Fit:
    """Return the normal law with the least divergence, to about 1e-4 in mean and sd."""

    def divergence(parameters: Float[np.ndarray, "2"]) -> float:
        mean, log_sd = parameters.tolist()
        return exact_divergence(row, data, mean, exp(log_sd))

    found = minimize(
        divergence,
        np.array(START),
        method="Nelder-Mead",
        options={"xatol": 1e-6, "fatol": 1e-12, "maxiter": 2000},
    )
    return Fit(float(found.x[0]), float(np.exp(found.x[1])), float(found.fun))


def bound_of_critic(
    row: Divergence,
    data: LogDensity,
    mean: float,
    sd: float,
    points: Float[np.ndarray, " point"],
    values: Float[np.ndarray, " point"],
) -> float:
    """Return E T(x) - E f*(T(y)), x of the data and y normal: at most the divergence itself.

    Args:
        row: the divergence.
        data: the data's log density.
        mean: of the normal law.
        sd: likewise.
        points: where the critic was evaluated, in order. Between them it is taken as linear, and
            beyond them as constant.
        values: V there.
    """
    import torch

    x, log_q = _model(mean, sd)
    v = torch.from_numpy(np.interp(x, points, values))
    p, q = np.exp(data(x)), np.exp(log_q)
    bound = p * row.activation(v).numpy() - q * row.conjugate(v).numpy()
    return float(np.trapezoid(bound, x))


def _model(
    mean: float, sd: float
) -> tuple[Float[np.ndarray, " point"], Float[np.ndarray, " point"]]:
    """Return points to integrate over, and the log density of a normal law there."""
    sd = max(sd, NARROWEST)
    ends = mean + sd * SCALED[[0, -1]]
    is_within = LINE[0] < ends[0] and ends[1] < LINE[-1]
    x = LINE if is_within else np.union1d(LINE, mean + sd * SCALED)
    return x, np.maximum(norm.logpdf(x, mean, sd), LEAST)
