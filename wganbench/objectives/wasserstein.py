"""The Wasserstein objective ([WGAN] equations 2 and 3, algorithm 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wganbench.objectives import Objective

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


class Wasserstein(Objective):
    """The critic maximises E f(x) - E f(G(z)); the generator minimises it."""

    name: Literal["wasserstein"] = "wasserstein"

    def critic_loss(
        self, real: Float[Tensor, "replica batch"], fake: Float[Tensor, "replica batch"]
    ) -> Float[Tensor, " replica"]:
        """Return E f(G(z)) - E f(x)."""
        return fake.mean(-1) - real.mean(-1)

    def generator_loss(self, fake: Float[Tensor, "replica batch"]) -> Float[Tensor, " replica"]:
        """Return -E f(G(z))."""
        return -fake.mean(-1)
