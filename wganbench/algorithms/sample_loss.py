"""A generator trained without a critic, by a distance between two minibatches.

Generative moment matching (Li et al. 2015, arXiv 1502.02761) goes down the MMD, Genevay et al. 2018
(arXiv 1706.00292) the Sinkhorn divergence, and the energy distance is what Cramer GAN's critic
transforms (Bellemare et al. 2017, arXiv 1705.10743).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, SerializeAsAny

from wganbench.algorithms.with_generator import WithGenerator
from wganbench.plugins import any_of

if TYPE_CHECKING:
    from wganbench.losses import Loss as AnyLoss
    from wganbench.training.game import Game, Log
else:
    from wganbench.losses import Loss

    AnyLoss = any_of("wganbench.losses", Loss)


class SampleLoss(WithGenerator):
    """A generator step down the loss between a generated and a real minibatch."""

    name: Literal["sample-loss"] = "sample-loss"
    losses: ClassVar[tuple[str, ...]] = ("generator_loss",)
    loss: Annotated[
        SerializeAsAny[AnyLoss],
        Field(description="What a generator without a critic minimises between two minibatches."),
    ]

    def steps_per_iteration(self, iterations: int) -> float:
        """Return the generator's one step."""
        return 1

    def iterate(self, game: Game) -> Log:
        """Take a generator step; return the loss before it."""
        real = game.task.sampler.real()
        with game.task.lowered():
            fake = self.fake(game)
        loss = self.loss.between(fake.flatten(2), real.flatten(2))
        game.players["generator"].descend(loss)
        return {"generator_loss": loss.detach()}
