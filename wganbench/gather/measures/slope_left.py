"""[WGAN] figure 2: what slope is left for the model's samples, between two Gaussians."""

import numpy as np
from jaxtyping import Float

from wganbench.data.pairs import TwoGaussians
from wganbench.gather.load import Results
from wganbench.gather.measures import Evaluated, Measure
from wganbench.gather.selection import ALONE

APART = 4.0  # standard deviations between two Gaussians that hardly overlap
BULK = 2.0  # standard deviations about a mean: where nearly all of a Gaussian's samples lie


def share_left(
    x: Float[np.ndarray, " point"], slopes: Float[np.ndarray, " point"], real: float, model: float
) -> float:
    """Return the median slope over the model's bulk over the largest between the laws; 0 if flat.

    Args:
        x: points of the line.
        slopes: the size of the drawn curve's derivative there.
        real: mean of the real law, of standard deviation 1.
        model: mean of the model's, of standard deviation 1.
    """
    between = (x >= min(real, model) - BULK) & (x <= max(real, model) + BULK)
    largest = slopes[between].max()
    at_model = np.abs(x - model) <= BULK
    return float(np.median(slopes[at_model]) / largest) if largest > 0 else 0.0


def by_evaluation(results: Results, run: str) -> Evaluated:
    """Return the share; none where the Gaussians overlap or no grid was recorded."""
    configuration = results.runs[run].configuration
    samples, data = results.samples(run), configuration.data
    assert isinstance(data, TwoGaussians), "chosen by the data's name"
    points, f, slopes = samples.grid_points, samples.grid_values, samples.grid_gradient_norm
    objective, distance = configuration.objective, abs(data.mean_real - data.mean_model)
    if distance < APART or not objective or points is None or f is None or slopes is None:
        return {}
    drawn = objective.link_slope(f.astype(np.float64)) * slopes
    return {
        point: share_left(points[:, 0], drawn[place], data.mean_real, data.mean_model)
        for point, place in results.evaluated(run, samples)
    }


MEASURE = Measure(
    about="median slope over the model's bulk (mean +- 2 sd) as a share of the largest slope "
    "between the laws, of the curve that the paper draws: f, or a discriminator's sigmoid(f)",
    where={**ALONE, "critic.name": "mlp", "data.name": "two-gaussians"},
    by_evaluation=by_evaluation,
)
