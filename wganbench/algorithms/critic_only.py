"""A critic trained alone between two given laws.

[WGAN] figures 1 and 2 compare what discriminator and critic make of two laws; [KSB] asks how near
critics come to a W1 that is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from wganbench.algorithms import unfit
from wganbench.algorithms.with_critic import WithCritic

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from wganbench.data import DataSet
    from wganbench.training.game import Game, Log, Task


class CriticOnly(WithCritic):
    """Trains a critic alone, on a fixed pair of laws; an iteration is n_critic critic steps."""

    name: Literal["critic-only"] = "critic-only"
    losses: ClassVar[tuple[str, ...]] = ("critic_objective", "penalty")

    def misfit(self, data: DataSet) -> str:
        """Return why not, unless the data are two laws that the critic can read."""
        reason = "" if data.kind == "pair" else "needs a pair of laws"
        net = unfit("critic.name", self.critic, data, self.critic.misfit(data.shape))
        return unfit("algorithm", self, data, reason) or net

    def steps_per_iteration(self, iterations: int) -> float:
        return self.n_critic

    def iterate(self, game: Game) -> Log:
        """Take n_critic critic steps and return the last one's quantities."""
        for _ in range(self.n_critic):
            log = self.critic_step(game)
        return log

    def fake(self, game: Game) -> Float[Tensor, "replica batch *shape"]:
        return game.task.sampler.model()

    def latents(self, task: Task, count: int) -> Float[Tensor, "replica count *shape"]:
        """Return the second law's held-out samples, the same for every replica."""
        return task.heldout_model(count)

    def generate(
        self, game: Game, latents: Float[Tensor, "replica n *shape"]
    ) -> Float[Tensor, "replica n *shape"]:
        return latents
