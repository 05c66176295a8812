"""Least squares GAN (Mao et al. 2017, arXiv 1611.04076), one of [GP] figure 2's baselines."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from wganbench.objectives import Objective, Quantity

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


class LeastSquares(Objective):
    """The critic D regresses labels, 1 on real and 0 on generated samples; the generator wants 1.

    Labels and factors are those of [GP]'s code: a = 0, b = c = 1 of Mao et al. equation 9, with 1/2
    before the critic's loss and, unlike theirs, not before the generator's. The best critic is
    p / (p + q): the estimate E D(x) - E D(G(z)) is then half the triangular discrimination
    integral (p - q)^2 / (p + q), in [0, 1].
    """

    name: Literal["lsgan"] = "lsgan"
    quantity: ClassVar[Quantity] = Quantity(
        "half of the triangular discrimination", "half TD", "", 1.0, is_distance=False
    )
    loss_label: ClassVar[str] = "(D - 1)^2"
    pull_label: ClassVar[str] = "2 |D - 1|"

    def critic_loss(
        self, real: Float[Tensor, "replica batch"], fake: Float[Tensor, "replica batch"]
    ) -> Float[Tensor, " replica"]:
        """Return (E (D(x) - 1)^2 + E D(G(z))^2) / 2."""
        return (((real - 1) ** 2).mean(-1) + (fake**2).mean(-1)) / 2

    def generator_loss(self, fake: Float[Tensor, "replica batch"]) -> Float[Tensor, " replica"]:
        """Return E (D(G(z)) - 1)^2."""
        return ((fake - 1) ** 2).mean(-1)

    def pull(self, values: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
        """Return 2 |D - 1|."""
        return np.asarray(2 * np.abs(values - 1))
