"""[GP] figure 1b, right: how many weights clipping has stopped."""

import numpy as np
from jaxtyping import Float

from wganbench.gather.load import Results
from wganbench.gather.measures import Measure
from wganbench.gather.networks import critic_weights
from wganbench.gather.selection import ALONE

AT_END = 0.001  # of c: so near to it lies a weight that clipping has stopped


def share_at_ends(weights: Float[np.ndarray, " weight"], clip_value: float) -> float:
    """Return the share of weights at -c or c; beyond them there are none if they are clipped."""
    return float((np.abs(np.abs(weights) / clip_value - 1) <= AT_END).mean())


def by_seed(results: Results, run: str) -> dict[int, float]:
    """Return the share by seed."""
    clip_value = float(results.runs[run].configuration.resolved()["constraint"]["clip_value"])
    weights = critic_weights(results, run)
    shares = [share_at_ends(row, clip_value) for row in weights]
    return dict(zip(results.replicas(run), shares, strict=True))


MEASURE = Measure(
    about="share of a clipped critic's weights within 0.1% of -c or c, biases apart",
    where={**ALONE, "critic.name": "mlp", "data.name": "noisy-law", "constraint.name": "clip"},
    by_seed=by_seed,
)
