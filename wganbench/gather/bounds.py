"""What critics between [fGAN]'s mixture and a normal law have learned of a divergence."""

from collections.abc import Callable

import numpy as np

from wganbench.data.fgan_mixture import FGANMixture
from wganbench.gather.load import Results
from wganbench.objectives.divergences.table import Divergence

Point = tuple[int, int]
"""Seed and iteration."""


def bounds(
    results: Results, run: str, row: Divergence, law: Callable[[Point], tuple[float, float]]
) -> dict[Point, float]:
    """Return E T(x) - E f*(T(y)) of a run's critic by quadrature; none where it was not mapped.

    Args:
        results: holds the run.
        run: its id.
        row: the divergence.
        law: mean and standard deviation of the normal law at an evaluation.

    Raises:
        UserError: the samples are missing or damaged.
    """
    from wganbench.transport.f_divergences import bound_of_critic  # scipy's optimiser is slow

    samples, density = results.samples(run), FGANMixture().log_density
    if samples.grid_points is None or samples.grid_values is None:
        return {}
    grid, values = samples.grid_points[:, 0].astype(np.float64), samples.grid_values
    return {
        point: bound_of_critic(row, density, *law(point), grid, values[place].astype(np.float64))
        for point, place in results.evaluated(run, samples)
    }
