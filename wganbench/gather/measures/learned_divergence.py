"""[fGAN] table 3: the learned objective F, which bounds the divergence from below."""

import numpy as np

from wganbench.data.fgan_mixture import FGANMixture
from wganbench.gather.affine import FITS, parameters
from wganbench.gather.load import Results
from wganbench.gather.measures import Evaluated, Measure
from wganbench.objectives.f_gan import FGAN


def by_evaluation(results: Results, run: str) -> Evaluated:
    """Return F of the critic as it is, by quadrature; none where it was not mapped."""
    from wganbench.transport.f_divergences import bound_of_critic  # scipy's optimiser is slow

    configuration, samples = results.runs[run].configuration, results.samples(run)
    data, objective = configuration.data, configuration.objective
    assert isinstance(data, FGANMixture), "chosen by the data's name"
    assert isinstance(objective, FGAN), "and by the objective's"
    if samples.grid_points is None or samples.grid_values is None:
        return {}
    fits = parameters(results, run)
    grid, values = samples.grid_points[:, 0].astype(np.float64), samples.grid_values
    return {
        point: bound_of_critic(
            objective.row, data.log_density, *fits[point], grid, values[place].astype(np.float64)
        )
        for point, place in results.evaluated(run, samples)
    }


MEASURE = Measure(
    about="E T(x) - E f*(T(y)) of the trained critic under the two laws themselves, without the "
    "noise of samples, in the divergence's unit",
    where=FITS,
    by_evaluation=by_evaluation,
)
