"""The Wasserstein objective ([WGAN] equations 2 and 3, algorithm 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from wganbench.objectives import Objective, Quantity

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


class Wasserstein(Objective):
    """The critic maximises E f(x) - E f(G(z)); the generator minimises it."""

    name: Literal["wasserstein"] = "wasserstein"
    quantity: ClassVar[Quantity] = Quantity(
        "Wasserstein distance", "W1", "", None, is_distance=True
    )

    def critic_loss(
        self, real: Float[Tensor, "replica batch"], fake: Float[Tensor, "replica batch"]
    ) -> Float[Tensor, " replica"]:
        """Return E f(G(z)) - E f(x)."""
        return fake.mean(-1) - real.mean(-1)

    def generator_loss(self, fake: Float[Tensor, "replica batch"]) -> Float[Tensor, " replica"]:
        """Return -E f(G(z))."""
        return -fake.mean(-1)
