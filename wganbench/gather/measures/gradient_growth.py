"""[GP] figure 1b, left: how the gradient changes on its way back through a deep critic."""

import numpy as np
from jaxtyping import Float

from wganbench.gather.load import Results
from wganbench.gather.measures import Evaluated, Measure
from wganbench.gather.selection import ALONE

DEEP = 12  # layers: the figure's critics
# Norms whose squares are 0 in single precision are as good as these many decades down.
LOST_DECADES = 20.0


def growth(norms: Float[np.ndarray, " layer"]) -> float:
    """Return log10 of the first layer's norm over the last one's, between -20 and 20."""
    first, last = norms[0], norms[-1]
    if not (first > 0 and last > 0):
        return -LOST_DECADES
    return float(np.clip(np.log10(first / last), -LOST_DECADES, LOST_DECADES))


def by_evaluation(results: Results, run: str) -> Evaluated:
    """Return the growth; none where no layers were recorded."""
    samples = results.samples(run)
    if samples.layer_gradient_norm is None:
        return {}
    norms = samples.layer_gradient_norm.astype(np.float64)
    return {point: growth(norms[place]) for point, place in results.evaluated(run, samples)}


MEASURE = Measure(
    about="decades by which the gradient of the critic's loss grows from the last layer to the "
    "first: negative where it vanishes, -20 where it is lost",
    where={**ALONE, "critic.name": "mlp", "critic.depth": lambda depth: depth >= DEEP},
    by_evaluation=by_evaluation,
)
