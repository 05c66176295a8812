"""Estimates of W1 from a critic's values on samples, and what each is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float

BLOCK = 64  # samples: the differences of so many fit into a core's cache


def raw_estimate(
    critic_real: Float[np.ndarray, " n"], critic_generated: Float[np.ndarray, " m"]
) -> float:
    """E f(x) - E f(y): at best K * W1, where K is the critic's Lipschitz constant, unknown."""
    return float(critic_real.astype(np.float64).mean() - critic_generated.astype(np.float64).mean())


def over_norm(estimate: float, norm: float) -> float | None:
    """The estimate divided by a Lipschitz constant; None where that is zero.

    By the largest gradient norm seen it is no certified bound, as the sampled maximum only bounds
    the constant from below; by `lipschitz_bound` it is a lower bound of the samples' W1.
    """
    return estimate / norm if norm > 0 else None


def c_transform_estimate(
    critic_real: Float[np.ndarray, " n"], costs: Float[np.ndarray, "n m"]
) -> float:
    """E f(x) + E f^c(y), f^c(y) = min over x of norm(x - y) - f(x) (Mallasto et al. 2019).

    The pair (f, f^c) is feasible for the dual of the samples' transport problem, so that no critic,
    trained or not, exceeds the samples' exact W1.
    """
    values = critic_real.astype(np.float64)
    transformed = np.full(costs.shape[1], np.inf)
    for first in range(0, len(costs), BLOCK):  # no matrix of differences beside that of costs
        rows = slice(first, first + BLOCK)
        np.minimum(transformed, (costs[rows] - values[rows, None]).min(axis=0), out=transformed)
    return float(values.mean() + transformed.mean())
