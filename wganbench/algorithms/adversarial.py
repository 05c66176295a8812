"""A critic and a generator against one another: GAN, WGAN and WGAN-GP.

[WGAN] algorithm 1, [GP] algorithm 1, Goodfellow et al. 2014 algorithm 1.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, PositiveInt

from wganbench.algorithms.with_critic import WithCritic
from wganbench.algorithms.with_generator import WithGenerator

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from wganbench.training.game import Game, Log, Player, Task

MAX_ITERATIONS = 10_000_000


class Adversarial(WithGenerator, WithCritic):
    """n_critic critic steps, then a generator step along the critic's gradient."""

    name: Literal["adversarial"] = "adversarial"
    losses: ClassVar[tuple[str, ...]] = ("critic_objective", "penalty", "generator_loss")
    warm_up_n_critic: Annotated[
        int,
        Field(
            ge=0,
            le=10_000,
            description="Critic steps before a warm-up generator step (the official WGAN code: "
            "100); 0: there is no warm-up, as in the paper.",
            json_schema_extra={"slug": "warmup"},
        ),
    ] = 0
    warm_up_first: Annotated[
        int,
        Field(
            ge=0,
            le=MAX_ITERATIONS,
            description="So many first generator steps are warm-up steps (the official code: 25).",
        ),
    ] = 25
    warm_up_every: Annotated[
        PositiveInt,
        Field(
            le=MAX_ITERATIONS,
            description="So is every generator step after a multiple of this many (the official "
            "code: 500).",
        ),
    ] = 500

    def critic_steps(self, taken: int) -> int:
        """Return how many critic steps the next generator step waits for, after so many of them."""
        if not self.warm_up_n_critic:
            return self.n_critic
        warm = taken < self.warm_up_first or taken % self.warm_up_every == 0
        return self.warm_up_n_critic if warm else self.n_critic

    def steps_per_iteration(self, iterations: int) -> float:
        """Return the critic's steps, warm-up included, and the generator's one."""
        if not self.warm_up_n_critic:
            return self.n_critic + 1
        first = min(self.warm_up_first, iterations)
        later = ceil(iterations / self.warm_up_every) - ceil(first / self.warm_up_every)
        share = (first + later) / iterations
        return share * self.warm_up_n_critic + (1 - share) * self.n_critic + 1

    def players(self, task: Task) -> dict[str, Player]:
        return WithCritic.players(self, task) | WithGenerator.players(self, task)

    def kind_of_iteration(self, game: Game) -> int:
        """Return how many critic steps the generator's next one waits for."""
        return self.critic_steps(game.players["generator"].steps)

    def iterate(self, game: Game) -> Log:
        """Take the critic's steps and the generator's; return the last ones' quantities."""
        for _ in range(self.kind_of_iteration(game)):
            log = self.critic_step(game)
        return {**log, "generator_loss": self.generator_step(game)}

    def generator_step(self, game: Game) -> Float[Tensor, " replica"]:
        """Take one generator step for every replica; return the losses before it."""
        with game.task.lowered():
            on_fake = game.players["critic"].net(self.fake(game))
        loss = self.objective.generator_loss(self.objective.sees(on_fake))
        game.players["generator"].descend(loss)
        return loss.detach()
