"""What critics between [fGAN]'s mixture and a normal law have learned of a divergence.

By quadrature under the two laws themselves, without the noise of samples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wganbench.data.fgan_fit import FGANFit
from wganbench.data.fgan_mixture import FGANMixture
from wganbench.objectives.divergences.table import named
from wganbench.objectives.f_gan import FGAN
from wganbench.plan.measurements.transport import learns_a_divergence
from wganbench.records.networks import NETWORKS, read_networks
from wganbench.transport.affine import Place, normal_laws

if TYPE_CHECKING:
    from pathlib import Path

    from wganbench.objectives.divergences.table import Divergence
    from wganbench.plan.runs import Run
    from wganbench.records.samples import Samples


def learned(run: Run, folder: Path, samples: Samples) -> dict[Place, dict[str, float]]:
    """Return what a run's critic says at every evaluation; nothing where it was not mapped.

    Raises:
        UserError: the networks are missing or damaged.
    """
    points, values = samples.grid_points, samples.grid_values
    if not learns_a_divergence(run) or points is None or values is None:
        return {}
    # scipy's optimiser and distributions take long to import.
    from wganbench.transport.f_divergences import bound_of_critic
    from wganbench.transport.f_gradients import critic_descent

    row, density = _divergence(run), FGANMixture().log_density
    grid = points[:, 0].astype(np.float64)
    found = {}
    for place, law in _laws(run, folder, samples).items():
        if not np.isfinite(law).all():
            continue
        v = values[place].astype(np.float64)
        pull = critic_descent(row, *law, grid, v)
        bound = bound_of_critic(row, density, *law, grid, v)
        found[place] = {
            "learned": bound, "pull_mean": float(pull[0]), "pull_sd": float(pull[1])
        }  # fmt: skip
    return found


def _divergence(run: Run) -> Divergence:
    """Return that of the objective; a GAN's is 2 JS, whose T is log 2 D."""
    objective = run.configuration.objective
    return objective.row if isinstance(objective, FGAN) else named("js")


def _laws(run: Run, folder: Path, samples: Samples) -> dict[Place, tuple[float, float]]:
    data = run.configuration.data
    if not isinstance(data, FGANFit):
        return normal_laws(samples, read_networks(folder / NETWORKS, run))
    replicas, evaluations = (places.tolist() for places in np.nonzero(samples.valid))
    return dict.fromkeys(zip(replicas, evaluations, strict=True), (data.mean, data.sd))
