"""A toy law against itself with Gaussian noise added: [GP] figure 1's fixed generators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from wganbench.data import HELDOUT_SIZE, Arrays, PairOfLaws
from wganbench.data.gaussians import EightGaussians, TwentyFiveGaussians
from wganbench.data.swiss_roll import SwissRoll

if TYPE_CHECKING:
    from jaxtyping import Float

_LAWS = {
    "8gaussians": EightGaussians(),
    "25gaussians": TwentyFiveGaussians(),
    "swissroll": SwissRoll(),
}


class NoisyLaw(PairOfLaws):
    """A law in the plane, and the same law plus isotropic Gaussian noise."""

    name: Literal["noisy-law"] = "noisy-law"
    law: Annotated[Literal["8gaussians", "25gaussians", "swissroll"], Field(description="The law.")]
    noise: Annotated[
        float,
        Field(
            gt=0,
            le=100,
            description="Standard deviation of the noise ([GP] figure 1: 1).",
            json_schema_extra={"slug": "noise"},
        ),
    ] = 1.0
    source: ClassVar[str] = "[GP] section 3.1 and figure 1"
    shape: ClassVar[tuple[int, ...]] = (2,)

    def generate(self, rng: np.random.Generator) -> Arrays:
        real, other = _LAWS[self.law].generate(rng), _LAWS[self.law].generate(rng)
        return Arrays(
            train=real.train,
            heldout=real.heldout,
            train_model=self._noisy(other.train, rng),
            # Independent points, so that the floor, a fresh sample of the law against the held-out
            # one, is that of the distance beside it.
            heldout_model=self._noisy(_LAWS[self.law].generate(rng).train[:HELDOUT_SIZE], rng),
        )

    def _noisy(
        self, points: Float[np.ndarray, "n 2"], rng: np.random.Generator
    ) -> Float[np.ndarray, "n 2"]:
        noise = self.noise * rng.standard_normal(points.shape)
        return (points + noise).astype(np.float32)
