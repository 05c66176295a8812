"""Mode coverage of a mixture, as [UGAN] counts it and in a looser sense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float

# A sample belongs to a mode loosely when it is nearer than a quarter of the distance between
# neighbouring modes: half-way to where it would be ambiguous.
LOOSE_RADIUS = 0.25
# A mode is covered loosely by a fifth of its fair share of samples: far above what a few stray
# samples give, and far below what chance takes from a fair share.
LOOSE_SHARE = 0.2
STRICT_SIGMAS = 3.0  # [UGAN] section 3.3.1 counts samples within three standard deviations


@dataclass(frozen=True)
class Coverage:
    """How many modes are covered, and how many samples lie at a mode."""

    modes_loose: int
    modes_strict: int
    share_strict: float


def coverage(
    samples: Float[np.ndarray, "n dim"], modes: Float[np.ndarray, "mode dim"], std: float
) -> Coverage:
    """Return the coverage of equally likely isotropic modes.

    Strictly, a mode is covered by one sample within three standard deviations, and `share_strict`
    is the share of samples that lie so near to some mode; see the constants for the loose sense.
    """
    distances = np.linalg.norm(samples[:, None] - modes[None], axis=-1)
    nearest = distances.argmin(1)
    distance = distances[np.arange(len(samples)), nearest]
    between = np.linalg.norm(modes[:, None] - modes[None], axis=-1)
    spacing = between[between > 0].min()
    loose = np.bincount(nearest[distance < LOOSE_RADIUS * spacing], minlength=len(modes))
    strict = np.bincount(nearest[distance < STRICT_SIGMAS * std], minlength=len(modes))
    fair = len(samples) / len(modes)
    return Coverage(
        modes_loose=int((loose >= LOOSE_SHARE * fair).sum()),
        modes_strict=int((strict > 0).sum()),
        share_strict=float(strict.sum() / len(samples)),
    )
