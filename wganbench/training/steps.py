"""One critic step and one generator step: the heart of [WGAN] algorithm 1 and [GP] algorithm 1."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.utils import parametrize

from wganbench.data import Arrays
from wganbench.plan.configuration import Configuration
from wganbench.training.optimizers import Descent
from wganbench.training.streams import Streams

Log = dict[str, Float[Tensor, " replica"]]


@dataclass(frozen=True)
class Sampler:
    """Draws batches of real samples, and of the model's where its law is fixed."""

    pool: Float[Tensor, "n *shape"]
    model_pool: Float[Tensor, "m *shape"] | None
    streams: Streams
    batch_size: int

    @classmethod
    def of(cls, configuration: Configuration, arrays: Arrays, streams: Streams) -> "Sampler":
        """Put a data set's training part, or as much of it as is asked for, on the device."""
        pools = (
            None if pool is None else torch.from_numpy(pool[: configuration.train_samples or None])
            for pool in (arrays.train, arrays.train_model)
        )
        real, model = (None if pool is None else pool.to(streams.device) for pool in pools)
        assert real is not None, "every data set has a training part"
        return cls(real, model, streams, configuration.batch_size)

    def real(self) -> Float[Tensor, "replica batch *shape"]:
        """Return a batch of real samples for each replica, drawn with replacement."""
        return self.pool[self.streams.integers("data", len(self.pool), self.batch_size)]

    def model(self) -> Float[Tensor, "replica batch *shape"]:
        """Return a batch of the fixed model's samples for each replica."""
        assert self.model_pool is not None, "only a pair of laws has a fixed model"
        return self.model_pool[
            self.streams.integers("model", len(self.model_pool), self.batch_size)
        ]


class Game:
    """Critic, generator (None where the model's law is fixed), their optimisers and streams."""

    def __init__(
        self, configuration: Configuration, arrays: Arrays, seeds: tuple[int, ...], device: str
    ) -> None:
        self.configuration = configuration
        self.streams = Streams(seeds, torch.device(device))
        self.sampler = Sampler.of(configuration, arrays, self.streams)
        shape = configuration.data.shape
        self.critic = configuration.critic.build(shape, self.streams)
        configuration.constraint.prepare(self.critic, self.streams)
        self.critic_descent = configuration.critic_optimizer.build(self.critic.parameters())
        self.generator: nn.Module | None = None
        if configuration.generator.name != "fixed":
            self.generator = configuration.generator.build(shape, self.streams)
            self.generator_descent = configuration.generator_optimizer.build(
                self.generator.parameters()
            )

    def iterate(self) -> Log:
        """Take n_critic critic steps and one generator step; return the last steps' quantities."""
        for _ in range(self.configuration.n_critic):
            log = self.critic_step()
        log["generator_loss"] = self.generator_step()
        return log

    def critic_step(self) -> Log:
        """Take one critic step for every replica."""
        objective, constraint = self.configuration.objective, self.configuration.constraint
        real = self.sampler.real()
        with torch.no_grad():
            fake = self.fake()
        constraint.before_step(self.critic)
        with parametrize.cached():  # parametrised weights are worked out once
            on_real, on_fake = self.critic(real), self.critic(fake)
            loss = objective.critic_loss(on_real, on_fake)
            penalty = constraint.penalty(self.critic, real, fake, self.streams)
        # Replicas share no parameter, so the gradient of the sum is each one's own.
        _descend(self.critic_descent, (loss + penalty).sum())
        constraint.after_step(self.critic)
        return {
            "critic_objective": -loss.detach(),
            "penalty": penalty.detach(),
            **estimates(self.configuration, on_real.detach(), on_fake.detach()),
        }

    def generator_step(self) -> Float[Tensor, " replica"]:
        """Take one generator step for every replica; return the losses (NaN if it is fixed)."""
        if self.generator is None:
            return torch.full((self.streams.replicas,), torch.nan)
        loss = self.configuration.objective.generator_loss(self.critic(self.fake()))
        _descend(self.generator_descent, loss.sum())
        return loss.detach()

    def fake(self) -> Float[Tensor, "replica batch *shape"]:
        """Return a batch of the model's samples for each replica."""
        if self.generator is None:
            return self.sampler.model()
        latent_dim = self.configuration.generator.latent_dim
        fake: Tensor = self.generator(
            self.streams.normal("latent", self.configuration.batch_size, latent_dim)
        )
        return fake


def estimates(configuration: Configuration, on_real: Tensor, on_fake: Tensor) -> Log:
    """Return what the critic's values say of the distance; see `curves.SCHEMA`."""
    divergence = configuration.objective.divergence(on_real, on_fake)
    estimate = on_real.mean(-1) - on_fake.mean(-1)
    return {
        "estimate": estimate,
        "divergence": torch.full_like(estimate, torch.nan) if divergence is None else divergence,
    }


def _descend(descent: Descent, loss: Tensor) -> None:
    """Step along the gradient in the descent's own parameters; no other net's is computed."""
    descent.step(torch.autograd.grad(loss, descent.parameters))
