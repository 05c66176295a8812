"""What critic and generator optimise: one module per objective, found by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wganbench.plugins import Plugin

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


class Objective(Plugin):
    """A pair of losses on the critic's outputs (logits, for a GAN); both are minimised."""

    def critic_loss(
        self, real: Float[Tensor, "replica batch"], fake: Float[Tensor, "replica batch"]
    ) -> Float[Tensor, " replica"]:
        """Return the critic's loss of each replica, without penalty."""
        raise NotImplementedError

    def generator_loss(self, fake: Float[Tensor, "replica batch"]) -> Float[Tensor, " replica"]:
        """Return the generator's loss of each replica."""
        raise NotImplementedError

    def divergence(
        self, real: Float[Tensor, "replica batch"], fake: Float[Tensor, "replica batch"]
    ) -> Float[Tensor, " replica"] | None:
        """Return the divergence that the critic's value estimates (nats), None if it is none."""
        return None
