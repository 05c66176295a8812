"""What a discriminator knows of the Jensen-Shannon divergence between two laws on the line."""

import numpy as np

from wganbench.data.fgan_mixture import FGANMixture
from wganbench.gather.affine import LINE, parameters
from wganbench.gather.load import Results
from wganbench.gather.measures import Evaluated, Measure
from wganbench.objectives.divergences.table import named


def by_evaluation(results: Results, run: str) -> Evaluated:
    """Return L/2 + log 2 by quadrature; none where the discriminator was not mapped."""
    from wganbench.transport.f_divergences import bound_of_critic  # scipy's optimiser is slow

    samples = results.samples(run)
    if samples.grid_points is None or samples.grid_values is None:
        return {}
    row, density = named("js"), FGANMixture().log_density
    fits = parameters(results, run)
    grid, values = samples.grid_points[:, 0].astype(np.float64), samples.grid_values
    return {
        point: bound_of_critic(row, density, *fits[point], grid, values[place].astype(np.float64))
        / 2  # of the doubled divergence, whose T is log 2 D
        for point, place in results.evaluated(run, samples)
    }


MEASURE = Measure(
    about="the Jensen-Shannon estimate of a discriminator under the two laws themselves, without "
    "the noise of samples, in nats: at most the divergence itself",
    where={**LINE, "objective.name": ["minimax", "non-saturating"]},
    by_evaluation=by_evaluation,
)
