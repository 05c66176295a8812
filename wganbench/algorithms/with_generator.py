"""What algorithms with a generator have in common: it maps normal latents to samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wganbench.algorithms import Algorithm, unfit
from wganbench.algorithms.sections import GeneratorOptimizerSection, GeneratorSection

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from wganbench.data import DataSet
    from wganbench.training.game import Game, Player, Task


class WithGenerator(Algorithm):
    """Trains a generator, whose samples are the run's."""

    generator: GeneratorSection
    generator_optimizer: GeneratorOptimizerSection

    def misfit(self, data: DataSet) -> str:
        net = unfit("generator.name", self.generator, data, self.generator.misfit(data.shape))
        return super().misfit(data) or net

    def players(self, task: Task) -> dict[str, Player]:
        net = self.generator.build(task.shape, task.streams)
        return {"generator": task.player(net, self.generator_optimizer)}

    def fake(self, game: Game) -> Float[Tensor, "replica batch *shape"]:
        streams, count = game.task.streams, game.task.batch_size
        return self.generate(game, streams.normal("latent", count, self.generator.latent_dim))

    def latents(self, task: Task, count: int) -> Float[Tensor, "replica count latent"]:
        return task.streams.normal("evaluation", count, self.generator.latent_dim)

    def generate(
        self, game: Game, latents: Float[Tensor, "replica n latent"]
    ) -> Float[Tensor, "replica n *shape"]:
        samples: Tensor = game.players["generator"].net(latents)
        return samples
