"""The normal laws that an affine generator went through on the line, by what its run has saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wganbench.records.samples import Samples

Laws = dict[tuple[int, int], tuple[float, float]]
"""Mean and standard deviation by replica and evaluation, as rows of stacked arrays."""
COLLAPSED = 1e-3  # extent of samples over their size: below, single precision holds few digits


def normal_laws(
    samples: Samples, tensors: Mapping[str, np.ndarray], replicas: Iterable[int]
) -> Laws:
    """Return mu and |sigma| at every evaluation that was saved.

    Networks are saved at the end alone. Samples are always of the same latents, so that those of
    any evaluation are a line in those of the last, exact to rounding: two give it, the farthest.
    Where they have collapsed at the end they show no line; then it is the samples' mean and sd.

    Args:
        samples: one-dimensional.
        tensors: the networks', by name.
        replicas: those that did not diverge, whose networks are those of the last samples.
    """
    found = {}
    for replica in replicas:
        mu, sigma = (tensors[f"generator.{name}"][replica].item() for name in ("mu", "sigma"))
        drawn = samples.generated[replica, :, :, 0].astype(np.float64)
        evaluations = np.flatnonzero(samples.valid[replica]).tolist()
        for evaluation in evaluations:
            x, end = drawn[evaluation], drawn[evaluations[-1]]
            low, high = end.argmin(), end.argmax()
            if end[high] - end[low] < COLLAPSED * np.abs(end).max():
                found[replica, evaluation] = (float(x.mean()), float(x.std()))
                continue
            slope = (x[high] - x[low]) / (end[high] - end[low])
            mean = x[low] + slope * (mu - end[low])
            found[replica, evaluation] = (float(mean), float(abs(slope * sigma)))
    return found
