"""Training steps beside the usual PyTorch script: CPU milliseconds per seed and iteration."""

from collections.abc import Callable
from time import process_time
from typing import Any

import numpy as np
import pytest
import torch
from conftest import repeated
from plain_loop import PlainLoop, dcgan_critic, dcgan_generator, mlp
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from wganbench.data import Arrays
from wganbench.plan.configuration import Configuration
from wganbench.plan.presets import PRESETS
from wganbench.plan.resolve import taken
from wganbench.plan.settings import layer, nest, overlay
from wganbench.training.game import Game

LENGTH = {"iterations": 100, "evaluations": 1}  # asked for, and not used here
TOY = LENGTH | {"data.name": "8gaussians", "generator.name": "mlp", "generator.latent_dim": 2,
                "critic.name": "mlp", "batch_size": 256}  # fmt: skip
DIGITS = LENGTH | {"data.name": "digits", "generator.name": "dcgan", "generator.latent_dim": 32,
                   "critic.name": "dcgan", "batch_size": 64}  # fmt: skip
IMAGES32 = DIGITS | {"data.name": "fashion-mnist", "generator.latent_dim": 100}
DOWNLOADED = ("fashion-mnist", "celeba")  # random images stand for theirs
SECONDS = 0.2  # in a round, about
CPU = pytest.mark.benchmark(timer=process_time)


def game(method: str, base: dict[str, Any], width: int, seeds: int, device: str = "cpu") -> Game:
    """Return a preset's game; random images stand for a data set that would be downloaded."""
    widths: dict[str, Any] = {"generator.width": width, "critic.width": width}
    norm = {"critic.norm": "none"} if method == "wgan-gp" and base["critic.name"] != "mlp" else {}
    layers = [layer(PRESETS[method], "preset"), layer(base | widths | norm, "benchmark")]
    settings = taken(overlay(layers))
    configuration = Configuration.from_flat({"method": method} | nest(settings))
    rng = np.random.default_rng(0)
    if base["data.name"] in DOWNLOADED:
        images = rng.integers(0, 256, (256, *configuration.data.shape)).astype(np.uint8)
        arrays = Arrays(images, images)
    else:
        arrays = configuration.data.generate(rng)
    return Game(configuration, arrays, tuple(range(seeds)), device)


def plain(method: str, base: dict[str, Any], width: int, pool: Tensor) -> PlainLoop:
    """Return the same training of one seed as a plain loop."""
    latents, norm = base["generator.latent_dim"], method != "wgan-gp"
    if base["critic.name"] == "mlp":
        nets, latent = (mlp(latents, width, 2), mlp(2, width, 1)), (latents,)
    else:
        channels, size = pool.shape[1:3]
        generator = dcgan_generator(latents, width, channels, size)
        nets, latent = (generator, dcgan_critic(width, channels, size, norm=norm)), (latents, 1, 1)
    return PlainLoop(
        method, tuple(net.to(pool.device) for net in nets), latent, pool, base["batch_size"]
    )


def compare(
    beside: Callable[..., None], method: str, base: dict[str, Any], width: int, seeds: int
) -> None:
    """Time rounds of iterations, all seeds' against as many of the plain loop's one."""
    ours = game(method, base, width, seeds)
    loop = plain(method, base, width, ours.task.sampler.pool)
    started = process_time()
    ours.iterate()
    per_round = max(1, round(SECONDS / (process_time() - started)))
    beside(ours.iterate, loop.iterate, times=per_round, seeds=seeds)


@CPU
@pytest.mark.benchmark(group="Toys, batches of 256, over a plain loop")
@pytest.mark.parametrize("seeds", [1, 4])
@pytest.mark.parametrize("width", [64, 128, 512])
@pytest.mark.parametrize("method", ["gan", "wgan", "wgan-gp"])
def test_toys(beside: Callable[..., None], method: str, width: int, seeds: int) -> None:
    compare(beside, method, TOY, width, seeds)


@CPU
@pytest.mark.benchmark(group="DCGANs of 16 filters on digits, over a plain loop")
@pytest.mark.parametrize("seeds", [1, 3])
@pytest.mark.parametrize("method", ["gan", "wgan", "wgan-gp"])
def test_digits(beside: Callable[..., None], method: str, seeds: int) -> None:
    compare(beside, method, DIGITS, 16, seeds)


@CPU
@pytest.mark.benchmark(group="DCGANs of 64 filters on 32x32 images, over a plain loop")
@pytest.mark.parametrize("seeds", [1, 3])
@pytest.mark.parametrize("method", ["gan", "wgan", "wgan-gp"])
def test_images_of_32_pixels(beside: Callable[..., None], method: str, seeds: int) -> None:
    compare(beside, method, IMAGES32, 64, seeds)


@CPU
@pytest.mark.benchmark(group="Width 512, as a fraction of the rate of matrix products alone")
@pytest.mark.parametrize("product", ["mm", "bmm"])
def test_share_of_the_rate_of_matrix_products(beside: Callable[..., None], product: str) -> None:
    """The other of the pair is as many operations in products of [256 512] and [512 512]."""
    seeds, batch, width = 4, 256, 512
    ours = game("wgan", TOY, width, seeds)
    with FlopCounterMode(display=False) as counter:
        ours.iterate()
    left, right = torch.randn(seeds, batch, width), torch.randn(seeds, width, width)
    each = 2 * seeds * batch * width * width
    stacked = product == "bmm"
    work = (lambda: torch.bmm(left, right)) if stacked else (lambda: torch.mm(left[0], right[0]))
    count = round(counter.get_total_flops() / (each if stacked else each / seeds))
    beside(ours.iterate, repeated(work, count))
