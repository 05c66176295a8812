"""The energies of [EBGAN]'s critics along training, from a run's saved values."""

from typing import NamedTuple

import numpy as np

from wganbench.gather.load import Results
from wganbench.gather.selection import Where

ENERGIES: Where = {
    "algorithm": "adversarial",
    "objective.name": "ebgan",
    "critic.name": "auto-encoder",
}
"""Critics whose value is minus an energy."""


class Energies(NamedTuple):
    """Of held-out real samples and of as many generated ones."""

    real: float
    """Mean."""
    real_sd: float
    generated: float
    """Mean."""


def energies(results: Results, run: str) -> dict[tuple[int, int], Energies]:
    """Return the energies by seed and iteration.

    Raises:
        UserError: the samples are missing or damaged.
    """
    samples = results.samples(run)
    assert samples.critic_real is not None, "a critic was trained"
    assert samples.critic_generated is not None, "with a generator"
    real, generated = (
        -v.astype(np.float64) for v in (samples.critic_real, samples.critic_generated)
    )
    return {
        point: Energies(
            float(real[place].mean()), float(real[place].std()), float(generated[place].mean())
        )
        for point, place in results.evaluated(run, samples)
    }
