"""`bounds.parquet`: what critics on the line have learned of a divergence, by quadrature.

One law is [fGAN]'s mixture, the other a normal one: an affine generator's, or one of the paper's
fits. Under the two laws themselves there is no noise of samples.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from wganbench.data.fgan_fit import FGANFit
from wganbench.data.fgan_mixture import FGANMixture
from wganbench.files import sha256_of
from wganbench.objectives.divergences.table import Divergence, named
from wganbench.objectives.f_gan import FGAN
from wganbench.plan.measurements.bounds import ROW
from wganbench.plan.runs import Run
from wganbench.records.bounds import SCHEMA
from wganbench.records.layout import RECORD
from wganbench.records.networks import NETWORKS, read_networks
from wganbench.records.run import read_record
from wganbench.records.samples import Samples, read_samples
from wganbench.records.tables import write_table
from wganbench.training.process import prepare_torch
from wganbench.transport.affine import Laws, normal_laws
from wganbench.transport.f_divergences import bound_of_critic
from wganbench.transport.f_gradients import critic_descent


def measure(run: Run, folder: Path) -> None:
    """Measure every seed that did not diverge and write the table into the run's folder.

    It has no row where the critic was not mapped.

    Raises:
        UserError: a file is missing, damaged or of another run.
    """
    prepare_torch("cpu")
    samples, code = read_samples(folder / "samples.npz", run), ROW.code_on(run)
    rows = list(_rows(run, samples, _laws(run, folder, samples)))
    write_table(rows, SCHEMA, folder / ROW.file, code, run.digest, source(run, folder))


def source(run: Run, folder: Path) -> str:
    """Return the digest of samples and networks."""
    return f"{sha256_of(folder / 'samples.npz')}-{sha256_of(folder / NETWORKS)}"


def _rows(run: Run, samples: Samples, laws: Laws) -> Iterator[dict[str, float | int]]:
    points, values = samples.grid_points, samples.grid_values
    if points is None or values is None:
        return
    divergence, density = _divergence(run), FGANMixture().log_density
    grid = points[:, 0].astype(np.float64)
    for (replica, evaluation), law in laws.items():
        v = values[replica, evaluation].astype(np.float64)
        pull = critic_descent(divergence, *law, grid, v)
        yield {
            "seed": int(samples.seeds[replica]),
            "iteration": int(samples.iterations[evaluation]),
            "bound": bound_of_critic(divergence, density, *law, grid, v),
            "pull_mean": float(pull[0]),
            "pull_sd": float(pull[1]),
        }


def _divergence(run: Run) -> Divergence:
    """Return that of the objective; a GAN's is 2 JS, whose T is log 2 D."""
    objective = run.configuration.objective
    return objective.row if isinstance(objective, FGAN) else named("js")


def _laws(run: Run, folder: Path, samples: Samples) -> Laws:
    replicas, data = read_record(folder / RECORD).replicas().values(), run.configuration.data
    if not isinstance(data, FGANFit):
        return normal_laws(samples, read_networks(folder / NETWORKS, run), replicas)
    saved = [(row, int(e)) for row in replicas for e in np.flatnonzero(samples.valid[row])]
    return dict.fromkeys(saved, (data.mean, data.sd))
