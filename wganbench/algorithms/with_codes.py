"""What a generator has that takes a code beside its noise: [InfoGAN] section 5."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from wganbench.algorithms.with_generator import WithGenerator

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor

    from wganbench.nets import Generator
    from wganbench.training.game import Player, Task


class WithCodes(WithGenerator):
    """A generator of codes and noise.

    A latent is one of some categories (one-hot) and some numbers in U(-1, 1), the code, before
    noise z in U(-1, 1)^latent_dim.
    """

    categories: Annotated[
        int,
        Field(
            ge=2,
            le=1_000,
            description="Values of the categorical code, all equally likely (official code, MNIST: "
            "10).",
            json_schema_extra={"slug": "k"},
        ),
    ] = 10
    continuous: Annotated[
        int,
        Field(
            ge=0,
            le=100,
            description="Codes in U(-1, 1) (official code, MNIST: 2).",
            json_schema_extra={"slug": "u"},
        ),
    ] = 2

    @property
    def wide_generator(self) -> Generator:
        """The generator as it is built: it takes code and noise."""
        size = self.categories + self.continuous + self.generator.latent_dim
        return self.generator.model_copy(update={"latent_dim": size})

    def players(self, task: Task) -> dict[str, Player]:
        net = self.wide_generator.build(task.shape, task.streams)
        return {"generator": task.player(net, self.generator_optimizer)}

    def category_of(self, count: int) -> Int[np.ndarray, " count"]:
        """Return the categories of every evaluation's samples: they take turns."""
        return np.arange(count) % self.categories

    def latents(self, task: Task, count: int) -> Float[Tensor, "replica count latent"]:
        """Return latents whose categories take turns, so that a saved sample's is known."""
        from torch import from_numpy

        turns = from_numpy(self.category_of(count)).to(task.streams.device)
        return self._with_noise(task, turns.expand(task.streams.replicas, count), "evaluation")

    def drawn(self, task: Task, purpose: str) -> Float[Tensor, "replica batch latent"]:
        """Return a batch of latents from streams of their own."""
        categories = task.streams.integers(f"{purpose} code", self.categories, task.batch_size)
        return self._with_noise(task, categories, purpose)

    def _with_noise(
        self, task: Task, categories: Int[Tensor, "replica n"], purpose: str
    ) -> Float[Tensor, "replica n latent"]:
        from torch import cat
        from torch.nn.functional import one_hot

        size = self.continuous + self.generator.latent_dim
        rest = task.streams.bounded(purpose, 1.0, categories.shape[1], size)
        return cat([one_hot(categories, self.categories).to(rest.dtype), rest], dim=-1)
