"""The ring of Gaussians of [UGAN] section 3.1, and that of the authors' demo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from wganbench.data import HELDOUT_SIZE, TRAIN_SIZE, Arrays, DataSet

if TYPE_CHECKING:
    from jaxtyping import Float


class Ring(DataSet):
    """Equally likely isotropic Gaussians on a circle."""

    name: Literal["ring"] = "ring"
    gaussians: Annotated[int, Field(ge=3, le=100, description="How many.")] = 8
    radius: Annotated[float, Field(gt=0, le=1e6, description="Radius of the circle.")] = 2.0
    sigma: Annotated[
        float, Field(gt=0, le=1e6, description="Standard deviation of a Gaussian.")
    ] = 0.02
    spacing: Annotated[
        Literal["even", "closed"],
        Field(
            description="even: equally far apart. closed: from 0 to 2 pi, both ends included, as "
            "in the authors' demo, so that the first and the last Gaussian coincide."
        ),
    ] = "even"
    source: ClassVar[str] = "[UGAN] section 3.1 and appendix A; the authors' demo"

    @property
    def shape(self) -> tuple[int, ...]:
        """Points in the plane."""
        return (2,)

    def centres(self) -> Float[np.ndarray, "gaussian 2"]:
        """Return the Gaussians' means, of which the last is the first on a closed ring."""
        count = self.gaussians - (self.spacing == "closed")
        angles = 2 * np.pi / count * (np.arange(self.gaussians) % count)
        return self.radius * np.stack([np.cos(angles), np.sin(angles)], axis=-1)

    def modes(self) -> Float[np.ndarray, "mode 2"]:
        """Return the means that differ; on a closed ring the first has twice the others' weight."""
        return self.centres()[: self.gaussians - (self.spacing == "closed")]

    def mode_std(self) -> float:
        return self.sigma

    def generate(self, rng: np.random.Generator) -> Arrays:
        """Return independent training points, and held-out ones with equal counts per Gaussian."""
        # Stratified as in `gaussians`: the floor is about half of what chance counts would make it.
        train = rng.integers(self.gaussians, size=TRAIN_SIZE)
        heldout = np.arange(HELDOUT_SIZE) % self.gaussians
        return Arrays(train=self._around(train, rng), heldout=self._around(heldout, rng))

    def _around(self, which: np.ndarray, rng: np.random.Generator) -> Float[np.ndarray, "n 2"]:
        centres = self.centres()[which]
        points = centres + self.sigma * rng.standard_normal(centres.shape)
        return np.asarray(points, dtype=np.float32)
