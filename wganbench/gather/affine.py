"""The two parameters of an affine generator along training, from a run's files."""

from functools import partial

from wganbench.gather.load import Results
from wganbench.gather.selection import Where
from wganbench.records.networks import NETWORKS, read_networks
from wganbench.transport.affine import normal_laws

LINE: Where = {
    "algorithm": "adversarial",
    "data.name": "fgan-mixture",
    "generator.name": "affine",
    "critic.name": "tanh-mlp",
}
"""A Gaussian that learns [fGAN]'s mixture, whatever the objective."""
FITS: Where = {**LINE, "objective.name": "f-gan", "variant": ""}
"""[fGAN] table 3's set-up."""


def parameters(results: Results, run: str) -> dict[tuple[int, int], tuple[float, float]]:
    """Return mu and |sigma| by seed and iteration; files are read once for the same results.

    Raises:
        UserError: samples or networks are missing or damaged.
    """
    return results.once(("affine", run), partial(_read, results, run))


def _read(results: Results, run: str) -> dict[tuple[int, int], tuple[float, float]]:
    samples = results.samples(run)
    tensors = read_networks(results.folder / run / NETWORKS, results.runs[run])
    laws = normal_laws(samples, tensors, results.replicas(run).values())
    return {point: laws[row] for point, row in results.evaluated(run, samples)}
