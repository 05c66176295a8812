"""[fGAN] table 3, cross table: what a critic that is trained anew says of a fit."""

import numpy as np

from wganbench.data.fgan_fit import FGANFit
from wganbench.data.fgan_mixture import FGANMixture
from wganbench.gather.load import Results
from wganbench.gather.measures import Evaluated, Measure
from wganbench.gather.selection import ALONE, Where
from wganbench.objectives.f_gan import FGAN

CROSS: Where = {
    **ALONE,
    "data.name": "fgan-fit",
    "objective.name": "f-gan",
    "critic.name": "tanh-mlp",
}
"""A critic for each entry of the table."""


def by_evaluation(results: Results, run: str) -> Evaluated:
    """Return F of the critic by quadrature; none where it was not mapped."""
    from wganbench.transport.f_divergences import bound_of_critic  # scipy's optimiser is slow

    configuration, samples = results.runs[run].configuration, results.samples(run)
    data, objective = configuration.data, configuration.objective
    assert isinstance(data, FGANFit), "chosen by the data's name"
    assert isinstance(objective, FGAN), "and by the objective's"
    if samples.grid_points is None or samples.grid_values is None:
        return {}
    row, density = objective.row, FGANMixture().log_density
    grid, values = samples.grid_points[:, 0].astype(np.float64), samples.grid_values
    return {
        point: bound_of_critic(
            row, density, data.mean, data.sd, grid, values[place].astype(np.float64)
        )
        for point, place in results.evaluated(run, samples)
    }


MEASURE = Measure(
    about="E T(x) - E f*(T(y)) of a critic trained alone between [fGAN]'s mixture and one of its "
    "fits, under the two laws themselves, in the divergence's unit",
    where=CROSS,
    by_evaluation=by_evaluation,
)
