"""A way of training that the package does not have, without a critic.

In a module of its own, so that a distribution can offer it (see tests/plugins/test_elsewhere.py);
one with critics or objectives is imported before algorithms are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from wganbench.algorithms.with_generator import WithGenerator

if TYPE_CHECKING:
    from wganbench.training.game import Game, Log

NOISE = "toy noise"  # a purpose of its own


class FitMean(WithGenerator):
    """Moves the mean of a generator's samples to the data's; there is no critic."""

    name: Literal["fit-mean"] = "fit-mean"
    losses: ClassVar[tuple[str, ...]] = ("distance",)
    columns: ClassVar[dict[str, str]] = {"distance": "squared, between the batches' means"}

    def steps_per_iteration(self, iterations: int) -> float:
        """Return the generator's one."""
        return 1

    def iterate(self, game: Game) -> Log:
        """Take a step along the gradient of the squared distance of the means."""
        task = game.task
        real = task.sampler.real()
        noise = task.streams.normal(NOISE, task.batch_size, self.generator.latent_dim)
        with task.lowered():
            fake = self.generate(game, noise)
        difference = (fake - real).flatten(2).mean(1)
        loss = (difference**2).sum(-1)
        game.players["generator"].descend(loss)
        return {"distance": loss.detach()}
