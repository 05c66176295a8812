"""The mixture of [fGAN] table 3 against the Gaussians that the table prints as learned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from wganbench.data import HELDOUT_SIZE, TRAIN_SIZE, Arrays, PairOfLaws
from wganbench.data.fgan_mixture import FGANMixture

if TYPE_CHECKING:
    from jaxtyping import Float

LEARNED: Mapping[str, tuple[float, float]] = {
    "kl": (1.0335, 1.8236),
    "reverse-kl": (1.5624, 1.6403),
    "js": (1.2854, 1.7659),
    "jeffrey": (1.2295, 1.8087),
    "pearson": (0.6157, 1.9031),
}
"""Mean and standard deviation by what a model was trained on: rows mu and sigma, by recall."""


class FGANFit(PairOfLaws):
    """The recovered mixture, and a normal law with printed mean and standard deviation."""

    name: Literal["fgan-fit"] = "fgan-fit"
    trained_on: Annotated[
        Literal["kl", "reverse-kl", "js", "jeffrey", "pearson"],
        Field(
            description="The divergence on which the paper's model was trained.",
            json_schema_extra={"slug": "fit"},
        ),
    ]
    source: ClassVar[str] = "[fGAN] table 3, learned mu and sigma, by recall"
    shape: ClassVar[tuple[int, ...]] = (1,)

    @property
    def law(self) -> str:
        """What distinguishes one such pair from another, in tables."""
        return f"fit in {self.trained_on}"

    @property
    def mean(self) -> float:
        return LEARNED[self.trained_on][0]

    @property
    def sd(self) -> float:
        return LEARNED[self.trained_on][1]

    def generate(self, rng: np.random.Generator) -> Arrays:
        real = FGANMixture().generate(rng)
        return Arrays(
            train=real.train,
            heldout=real.heldout,
            train_model=self._points(TRAIN_SIZE, rng),
            heldout_model=self._points(HELDOUT_SIZE, rng),
        )

    def _points(self, n: int, rng: np.random.Generator) -> Float[np.ndarray, "n 1"]:
        return (self.mean + self.sd * rng.standard_normal((n, 1))).astype(np.float32)
