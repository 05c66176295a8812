"""How the critic is kept Lipschitz: one module per constraint, found by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wganbench.plugins import Plugin

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor
    from torch.nn import Module

    from wganbench.training.game import Log
    from wganbench.training.streams import Streams


class Constraint(Plugin):
    """What holds the critic's Lipschitz constant; subclasses override the hooks they need."""

    def prepare(self, critic: Module, streams: Streams) -> None:
        """Change the critic's layers once, before its optimiser is built."""

    def before_step(self, critic: Module) -> None:
        """Change the critic's parameters before each critic step."""

    def penalty(
        self,
        critic: Module,
        real: Float[Tensor, "replica batch *shape"],
        fake: Float[Tensor, "replica batch *shape"],
        streams: Streams,
    ) -> Float[Tensor, " replica"]:
        """Return the term that is added to each replica's critic loss; it is logged apart."""
        return real.new_zeros(real.shape[0])

    def after_step(self, critic: Module) -> None:
        """Change the critic's parameters after each critic step."""

    def measured(self, critic: Module) -> Log:
        """Return what the curves record of its hold on the critic at each evaluation.

        By the name of a column in `wganbench.records.curves`, a number for each replica.
        """
        return {}
