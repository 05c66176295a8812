"""Toys of width 128 beside libraries that train WGANs, where they are installed.

    uv pip install tensorboard && uv pip install --no-deps vegans torchgan

Each takes five critic steps and a generator step. vegans' `fit` ignores the `steps` that it is
given and would take one, so that its own methods are called here as `fit` calls them; torchgan
takes an optimiser's step for the objective and another for the penalty.

The file's name puts it after bench_training: in a run with the peers first, everything of ours that
came after them in the process took up to half as long again.
"""

from collections.abc import Callable
from time import process_time
from typing import Any

import pytest
import torch
from bench_training import SECONDS, TOY, game
from plain_loop import LAMBDA, N_CRITIC, PlainLoop, mlp
from torch import Tensor, nn

WIDTH, SEEDS = 128, 4


def vegans(method: str, loop: PlainLoop) -> Callable[[], None]:
    """Return an iteration of vegans' model."""
    models = pytest.importorskip("vegans.GAN")
    made = {"wgan": models.WassersteinGAN, "wgan-gp": models.WassersteinGANGP}[method]
    optimizer = type(loop.critic_optimizer)
    model = made(loop.generator, loop.critic, x_dim=2, z_dim=2, device="cpu", folder=None,
                 optim=optimizer)  # fmt: skip

    model.train()  # as `fit` does

    def step(who: str) -> None:
        real = loop.pool[torch.randint(len(loop.pool), (loop.batch_size,))]
        latents = model.sample(n=len(real))
        model._losses = model.calculate_losses(X_batch=real, Z_batch=latents, who=who)
        model._zero_grad(who=who)
        model._backward(who=who)
        model._step(who=who)

    def iterate() -> None:
        for _ in range(N_CRITIC):
            step("Adversary")
        step("Generator")

    return iterate


class _Labelled(nn.Sequential):
    """What torchgan asks of a net."""

    label_type, encoding_dims = "none", 2

    def sampler(self, count: int, device: str) -> list[Tensor]:
        """Return the latents of a batch."""
        return [torch.randn(count, self.encoding_dims, device=device)]


def torchgan(method: str, loop: PlainLoop) -> Callable[[], None]:
    """Return an iteration by torchgan's losses, as its trainer calls them."""
    losses = pytest.importorskip("torchgan.losses")
    generator, critic = _Labelled(*loop.generator), _Labelled(*loop.critic)
    clip = (-0.01, 0.01) if method == "wgan" else None
    of_critic = [losses.WassersteinDiscriminatorLoss(clip=clip)]
    if method == "wgan-gp":
        of_critic.append(losses.WassersteinGradientPenalty(lambd=LAMBDA))
    of_generator = losses.WassersteinGeneratorLoss()

    def iterate() -> None:
        for _ in range(N_CRITIC):
            real = loop.pool[torch.randint(len(loop.pool), (loop.batch_size,))]
            for loss in of_critic:
                loss.train_ops(generator, critic, loop.critic_optimizer, real, "cpu")
        of_generator.train_ops(generator, critic, loop.generator_optimizer, "cpu", loop.batch_size)

    return iterate


@pytest.mark.benchmark(timer=process_time, group="Toys of width 128, over other libraries")
@pytest.mark.parametrize("peer", [vegans, torchgan], ids=["vegans", "torchgan"])
@pytest.mark.parametrize("method", ["wgan", "wgan-gp"])
def test_peers(
    beside: Callable[..., None],
    method: str,
    peer: Callable[..., Callable[[], None]],
    benchmark: Any,
) -> None:
    ours = game(method, TOY, WIDTH, SEEDS)
    pool = ours.task.sampler.pool
    nets = mlp(2, WIDTH, 2), mlp(2, WIDTH, 1)
    theirs = peer(method, PlainLoop(method, nets, (2,), pool, TOY["batch_size"]))
    benchmark.params["peer"] = peer.__name__
    started = process_time()
    ours.iterate()
    times = max(1, round(SECONDS / (process_time() - started)))
    beside(ours.iterate, theirs, times=times, seeds=SEEDS)
