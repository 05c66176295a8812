"""A generator that trains on when its critic no longer does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wganbench.algorithms.adversarial import MAX_ITERATIONS, Adversarial
from wganbench.nets import values_of

if TYPE_CHECKING:
    from wganbench.training.game import Game, Log


class FrozenCritic(Adversarial):
    """Critic and generator in turns, for a while; then generator steps along the same critic."""

    name: Literal["frozen-critic"] = "frozen-critic"  # type: ignore[assignment]
    critic_iterations: Annotated[
        int,
        Field(
            ge=0,
            le=MAX_ITERATIONS,
            description="Iterations in which the critic learns, before it is frozen.",
            json_schema_extra={"slug": "until"},
        ),
    ] = 500

    def steps_per_iteration(self, iterations: int) -> float:
        """Return the steps of both while the critic learns, and the generator's alone after it."""
        learning = min(self.critic_iterations, iterations)
        if not learning:
            return 1
        of_both = super().steps_per_iteration(learning)
        return 1 + (of_both - 1) * learning / iterations

    def kind_of_iteration(self, game: Game) -> int:
        """Return how many critic steps the generator's next one waits for: none when frozen."""
        is_frozen = game.players["generator"].steps >= self.critic_iterations
        return 0 if is_frozen else super().kind_of_iteration(game)

    def iterate(self, game: Game) -> Log:
        """Take the critic's steps, if it learns, and the generator's; return their quantities."""
        if self.kind_of_iteration(game):
            return super().iterate(game)
        return {**self.look(game), "generator_loss": self.generator_step(game)}

    def look(self, game: Game) -> Log:
        """Return what a critic step would log, without the step; nothing is penalised."""
        import torch

        critic, sees = game.players["critic"].net, self.objective.sees
        with torch.no_grad():
            real = game.task.sampler.real()
            with game.task.lowered():
                on_real, on_fake = critic(real), critic(self.fake(game))
            loss = self.objective.critic_loss(sees(on_real), sees(on_fake))
        return {
            "critic_objective": -loss,
            "penalty": torch.zeros_like(loss),
            **self.estimates(values_of(on_real), values_of(on_fake)),
        }
