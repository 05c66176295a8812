"""The normal laws that an affine generator went through on the line, from what a run has saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wganbench.records.samples import Samples

Place = tuple[int, int]
"""Of a replica and an evaluation, in stacked arrays."""
COLLAPSED = 1e-3  # extent of samples over their size: below, single precision holds few digits


def normal_laws(
    samples: Samples, tensors: Mapping[str, np.ndarray]
) -> dict[Place, tuple[float, float]]:
    """Return mu and |sigma| at every evaluation that was saved.

    Networks are saved at the end alone. Samples are always of the same latents, so that those of
    any evaluation are a line in those of the last, exact to rounding: two give it, the farthest.
    Where they have collapsed at the end they show no line; then it is the samples' mean and sd.
    Those of a seed that diverged are not numbers.

    Args:
        samples: one-dimensional.
        tensors: the networks', by name.
    """
    found = {}
    for replica, valid in enumerate(samples.valid):
        mu, sigma = (tensors[f"generator.{name}"][replica].item() for name in ("mu", "sigma"))
        drawn = samples.generated[replica, :, :, 0].astype(np.float64)
        evaluations = np.flatnonzero(valid).tolist()
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
