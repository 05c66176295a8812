"""One critic step and one generator step: the heart of [WGAN] algorithm 1 and [GP] algorithm 1."""

import warnings
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Shaped
from torch import Tensor, nn
from torch.nn.utils import parametrize

from wganbench.data import Arrays
from wganbench.optimizers import Descent
from wganbench.plan.configuration import Configuration
from wganbench.records.samples import HALF_RANGE
from wganbench.training.arithmetic import lowered, return_float32
from wganbench.training.streams import Purpose, Streams

Log = dict[str, Float[Tensor, " replica"]]


@dataclass(frozen=True)
class Sampler:
    """Draws batches of real samples, and of the model's where its law is fixed."""

    pool: Shaped[Tensor, "n *shape"]
    model_pool: Shaped[Tensor, "m *shape"] | None
    streams: Streams
    batch_size: int

    @classmethod
    def of(cls, configuration: Configuration, arrays: Arrays, streams: Streams) -> "Sampler":
        """Take a data set's training part, or as much of it as is asked for."""
        real, model = (
            None if pool is None else _pool(pool[: configuration.train_samples or None], streams)
            for pool in (arrays.train, arrays.train_model)
        )
        assert real is not None, "every data set has a training part"
        return cls(real, model, streams, configuration.batch_size)

    def real(self) -> Float[Tensor, "replica batch *shape"]:
        """Return a batch of real samples for each replica, drawn with replacement."""
        return self._draw("data", self.pool)

    def model(self) -> Float[Tensor, "replica batch *shape"]:
        """Return a batch of the fixed model's samples for each replica."""
        assert self.model_pool is not None, "only a pair of laws has a fixed model"
        return self._draw("model", self.model_pool)

    def _draw(
        self, purpose: Purpose, pool: Shaped[Tensor, "n *shape"]
    ) -> Float[Tensor, "replica batch *shape"]:
        places = self.streams.integers(purpose, len(pool), self.batch_size)
        return as_floats(pool[places.to(pool.device)].to(self.streams.device))


def _pool(samples: np.ndarray, streams: Streams) -> Shaped[Tensor, "n *shape"]:
    """Put samples on the device, or leave them, perhaps in a mapped file, if they do not fit.

    They fit if they take up half of the memory that is free before the nets are built.
    """
    pool, device = as_tensor(samples), streams.device
    if device.type == "cuda" and pool.nbytes > torch.cuda.mem_get_info(device)[0] / 2:
        return pool
    return pool.to(device)


def as_tensor(samples: np.ndarray) -> Shaped[Tensor, "n *shape"]:
    """Return samples as they are, in the same memory; nothing is ever written to them."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The given NumPy array is not writable")
        return torch.from_numpy(samples)


def as_floats(samples: Shaped[Tensor, "*any"]) -> Float[Tensor, "*any"]:
    """Return samples as floats: grey levels in 8 bits become values in [-1, 1]."""
    return samples.float() / HALF_RANGE - 1 if samples.dtype == torch.uint8 else samples


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
        for net in self.nets().values():
            return_float32(net, configuration)

    def nets(self) -> dict[str, nn.Module]:
        """Return the nets that are trained, by name."""
        return {"critic": self.critic} | ({"generator": self.generator} if self.generator else {})

    def descents(self) -> dict[str, Descent]:
        """Return the optimisers of these nets, by the same names."""
        critic = {"critic": self.critic_descent}
        return critic | ({"generator": self.generator_descent} if self.generator else {})

    def iterate(self) -> Log:
        """Take n_critic critic steps and one generator step; return the last steps' quantities."""
        for _ in range(self.critic_steps()):
            log = self.critic_step()
        log["generator_loss"] = self.generator_step()
        return log

    def critic_steps(self) -> int:
        """Return how many critic steps the next generator step waits for."""
        taken = self.generator_descent.steps if self.generator is not None else 0
        return self.configuration.critic_steps(taken)

    def critic_step(self) -> Log:
        """Take one critic step for every replica."""
        objective, constraint = self.configuration.objective, self.configuration.constraint
        real = self.sampler.real()
        with torch.no_grad(), self._lowered():
            fake = self.fake()
        constraint.before_step(self.critic)
        with parametrize.cached():  # parametrised weights are worked out once
            with self._lowered():
                on_real, on_fake = self.critic(real), self.critic(fake)
                penalty = constraint.penalty(self.critic, real, fake, self.streams)
            loss = objective.critic_loss(on_real, on_fake)
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
        with self._lowered():
            on_fake = self.critic(self.fake())
        loss = self.configuration.objective.generator_loss(on_fake)
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

    def _lowered(self) -> AbstractContextManager[object]:
        return lowered(self.configuration, self.streams.device)


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
