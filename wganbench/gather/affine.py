"""The two parameters of an affine generator along training, from a run's files."""

from functools import partial

import numpy as np

from wganbench.gather.load import Results
from wganbench.gather.selection import Where
from wganbench.records.networks import NETWORKS, read_networks

LINE: Where = {
    "algorithm": "adversarial",
    "data.name": "fgan-mixture",
    "generator.name": "affine",
    "critic.name": "tanh-mlp",
}
"""A Gaussian that learns [fGAN]'s mixture, whatever the objective."""
FITS: Where = {**LINE, "objective.name": "f-gan", "variant": ""}
"""[fGAN] table 3's set-up."""
COLLAPSED = 1e-3  # extent of samples over their size: below, single precision holds few digits


def parameters(results: Results, run: str) -> dict[tuple[int, int], tuple[float, float]]:
    """Return mu and |sigma| by seed and iteration; files are read once for the same results.

    Networks are saved at the end alone. Samples are always of the same latents, so that those of
    any evaluation are a line in those of the last, exact to rounding: two give it, the farthest.
    Where they have collapsed at the end they show no line; then it is the samples' mean and sd.

    Raises:
        UserError: samples or networks are missing or damaged.
    """
    return results.once(("affine", run), partial(_read, results, run))


def _read(results: Results, run: str) -> dict[tuple[int, int], tuple[float, float]]:
    samples = results.samples(run)
    tensors = read_networks(results.folder / run / NETWORKS, results.runs[run])
    last = results.last(run, samples)
    found = {}
    for (seed, iteration), place in results.evaluated(run, samples):
        mu, sigma = (tensors[f"generator.{name}"][place[0]].item() for name in ("mu", "sigma"))
        x, end = (samples.generated[at][:, 0].astype(np.float64) for at in (place, last[seed]))
        low, high = end.argmin(), end.argmax()
        if end[high] - end[low] < COLLAPSED * np.abs(end).max():
            found[seed, iteration] = (float(x.mean()), float(x.std()))
            continue
        slope = (x[high] - x[low]) / (end[high] - end[low])
        mean = x[low] + slope * (mu - end[low])
        found[seed, iteration] = (float(mean), float(abs(slope * sigma)))
    return found
