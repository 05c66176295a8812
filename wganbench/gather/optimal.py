"""The optimal critic of two laws, had from samples of its own, and its slopes on a run's samples.

On the samples that it was had from its slope on coupled pairs is 1 by construction, and says
nothing of the laws. It is the lowest 1-Lipschitz function with the potential's values on the real
sample, f(z) = max over x of f(x) - |z - x|. Wherever that is smooth its gradient has norm 1.
"""

from functools import partial

import numpy as np
from jaxtyping import Float
from scipy.spatial.distance import cdist

from wganbench.data import DataSet
from wganbench.gather.load import Results
from wganbench.gather.selection import ALONE, Where

FRESH = 1000  # samples of each law: POT takes 0.1 s for them
_STREAM = 1709_08894  # beside a seed, so that no data set was made from the same numbers
IN_THE_PLANE: Where = {
    **ALONE,
    "train_samples": 0,
    "data.name": ["noisy-law", "funnels"],
    # NaN where a law has no other dimension. In higher ones samples show little of the laws.
    "data.dim": lambda dim: not dim > 2,
}


def optimal_slopes(kind: str, results: Results, run: str) -> dict[tuple[int, int], float]:
    """Return the optimal critic's mean slope by seed and iteration, the same at each iteration.

    Args:
        kind: `coupled_slope` or `independent_slope`, as `transport.slopes` has them.
        results: the results.
        run: the run on whose saved samples.
    """
    samples, data = results.samples(run), results.runs[run].configuration.data
    found = {}
    for (seed, iteration), place in results.evaluated(run, samples):
        real, generated = samples.real, samples.generated[place]
        key = ("optimal critic", data.id, seed, real.tobytes(), generated.tobytes())
        slopes = results.once(key, partial(_slopes, data, seed, real, generated))
        if (slope := slopes[kind]) is not None:
            found[seed, iteration] = slope
    return found


def _slopes(
    data: DataSet,
    seed: int,
    real: Float[np.ndarray, "n dim"],
    generated: Float[np.ndarray, "m dim"],
) -> dict[str, float | None]:
    from wganbench.transport.exact import solve, uniform  # POT takes a second
    from wganbench.transport.potentials import exact_potential
    from wganbench.transport.slopes import slopes

    fresh = data.generate(np.random.default_rng([seed, _STREAM]))
    assert fresh.train_model is not None, "chosen as a pair of laws"
    x, y = (side[:FRESH].astype(np.float64) for side in (fresh.train, fresh.train_model))
    values, _ = exact_potential(cdist(x, y))
    costs = cdist(real.astype(np.float64), generated.astype(np.float64))
    plan = solve(costs, uniform(len(real)), uniform(len(generated)))
    on_real, on_generated = (
        (values[:, None] - cdist(x, side.astype(np.float64))).max(0) for side in (real, generated)
    )
    return slopes(on_real, on_generated, costs, plan)
