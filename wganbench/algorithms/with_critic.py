"""What algorithms with a critic have in common: [WGAN] algorithm 1, lines 2 to 8."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, PositiveInt

from wganbench.algorithms import Algorithm, unfit
from wganbench.algorithms.sections import (
    ConstraintSection,
    CriticOptimizerSection,
    CriticSection,
    ObjectiveSection,
)
from wganbench.nets import values_of

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from wganbench.data import DataSet
    from wganbench.training.game import Game, Log, Player, Task


class WithCritic(Algorithm):
    """Trains a critic between real samples and those of a model."""

    critic: CriticSection
    objective: ObjectiveSection
    constraint: ConstraintSection
    critic_optimizer: CriticOptimizerSection
    n_critic: Annotated[
        PositiveInt,
        Field(
            le=10_000,
            description="Critic steps per generator step ([WGAN] algorithm 1: 5).",
            json_schema_extra={"slug": "ncritic"},
        ),
    ] = 5

    def misfit(self, data: DataSet) -> str:
        net = unfit("critic.name", self.critic, data, self.critic.misfit(data.shape))
        return super().misfit(data) or net

    def players(self, task: Task) -> dict[str, Player]:
        net = self.critic.build(task.shape, task.streams)
        self.constraint.prepare(net, task.streams)
        return {"critic": task.player(net, self.critic_optimizer)}

    def fake(self, game: Game) -> Float[Tensor, "replica batch *shape"]:
        """Return a batch of the model's samples."""
        raise NotImplementedError

    def critic_step(self, game: Game) -> Log:
        """Take one critic step for every replica."""
        import torch
        from torch.nn.utils import parametrize

        player, task = game.players["critic"], game.task
        critic, sees = player.net, self.objective.sees
        real = task.sampler.real()
        with torch.no_grad(), task.lowered():
            fake = self.fake(game)
        self.constraint.before_step(critic)
        with parametrize.cached():  # parametrised weights are worked out once
            with task.lowered():
                on_real, on_fake = critic(real), critic(fake)
                penalty = self.constraint.penalty(critic, real, fake, task.streams)
            loss = self.objective.critic_loss(sees(on_real), sees(on_fake))
        player.descend(loss + penalty)
        self.constraint.after_step(critic)
        return {
            "critic_objective": -loss.detach(),
            "penalty": penalty.detach(),
            **self.estimates(values_of(on_real).detach(), values_of(on_fake).detach()),
        }

    def estimates(
        self, real: Float[Tensor, "replica n"], fake: Float[Tensor, "replica m"]
    ) -> dict[str, Float[Tensor, " replica"]]:
        """Return the difference of the critic's means, and the objective's divergence."""
        found = {"estimate": real.mean(-1) - fake.mean(-1)}
        divergence = self.objective.divergence(real, fake)
        return found if divergence is None else {**found, "divergence": divergence}
