"""[GP] figure 1a: how much of the optimal critic a trained one has learned."""

from functools import partial

import numpy as np
from jaxtyping import Float

from wganbench.gather.load import Results
from wganbench.gather.measures import Evaluated, Measure
from wganbench.gather.selection import ALONE


def explained(values: Float[np.ndarray, " point"], potential: Float[np.ndarray, " point"]) -> float:
    """Return the share of the potential's variance that the critic explains, scale and level free.

    0 for a critic that is flat, or that falls where the potential rises.
    """
    if values.std() <= np.finfo(np.float32).eps * np.abs(values).max():
        return 0.0
    return float(max(np.corrcoef(values, potential)[0, 1], 0.0) ** 2)


def by_evaluation(results: Results, run: str) -> Evaluated:
    """Return the share on the samples of each evaluation."""
    samples, found = results.samples(run), {}
    assert samples.critic_real is not None, "a critic was trained"
    assert samples.critic_generated is not None, "on both laws"
    for point, place in results.evaluated(run, samples):
        real, generated = samples.real, samples.generated[place]
        # Evaluations of one pair, of one run or several, have the same samples.
        key = ("potential", real.tobytes(), generated.tobytes())
        potential = results.once(key, partial(_potential, real, generated))
        f = np.concatenate([samples.critic_real[place], samples.critic_generated[place]])
        found[point] = explained(f.astype(np.float64), potential)
    return found


def _potential(
    real: Float[np.ndarray, "n dim"], generated: Float[np.ndarray, "m dim"]
) -> Float[np.ndarray, " n+m"]:
    from wganbench.transport.exact import MEMORY_LIMIT, euclidean_costs  # POT takes a second
    from wganbench.transport.potentials import exact_potential

    first, second = real.astype(np.float64), generated.astype(np.float64)
    return np.concatenate(exact_potential(euclidean_costs(first, second, MEMORY_LIMIT)))


MEASURE = Measure(
    about="share of the variance of the exact potential on the saved samples that the critic "
    "explains, whatever its scale and level",
    where={
        **ALONE,
        "critic.name": "mlp",
        "critic.norm": "none",
        "data.name": "noisy-law",
        "constraint.name": ["clip", "gradient-penalty"],
    },
    by_evaluation=by_evaluation,
)
