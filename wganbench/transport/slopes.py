"""A critic's slopes along lines between two samples ([GP] proposition 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float

    from wganbench.transport.exact import Plan


def slopes(
    critic_real: Float[np.ndarray, " n"],
    critic_generated: Float[np.ndarray, " m"],
    costs: Float[np.ndarray, "n m"],
    plan: Plan,
) -> dict[str, float | None]:
    """Return mean slopes (f(x) - f(y)) / |x - y| on coupled and on independent pairs.

    An optimal critic has slope 1 on every pair that the plan couples, as it is 1-Lipschitz and
    gains |x - y| there. Weighted by |x - y| the mean on coupled pairs is the raw estimate over W1,
    whatever the critic, and that on independent ones the same estimate over their mean distance,
    which is never below W1: that the second is lower tells no critic from another. How far single
    lines are from slope 1 does.

    Args:
        critic_real: the critic's values on the first sample.
        critic_generated: those on the second.
        costs: their distances; a pair at distance 0 has no slope and is left out.
        plan: an optimal plan between them; None stands for what it couples at distance 0 alone.
    """
    f_x, f_y = critic_real.astype(np.float64), critic_generated.astype(np.float64)
    lengths = costs[plan.first, plan.second]
    has_length = lengths > 0
    rises = (f_x[plan.first] - f_y[plan.second])[has_length]
    coupled, mass = rises / lengths[has_length], plan.mass[has_length]
    every = f_x[:, None] - f_y
    np.divide(every, costs, out=every, where=costs > 0)
    return {
        "coupled_slope": _mean(coupled, mass),
        "coupled_slope_error": _mean(np.abs(coupled - 1), mass),
        "independent_slope": float(every.mean(where=costs > 0)) if costs.any() else None,
    }


def _mean(values: Float[np.ndarray, " pair"], mass: Float[np.ndarray, " pair"]) -> float | None:
    return float(np.average(values, weights=mass)) if len(values) else None
