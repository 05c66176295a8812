"""The official networks in plain torch.nn, one replica each: oracles for the stacked ones.

Written from the architectures of martinarjovsky/WassersteinGAN (models/dcgan.py, models/mlp.py) and
igul222/improved_wgan_training (gan_64x64.py). TensorFlow pads "same" convolutions of stride 2 by
one more pixel at the end than at the beginning.
"""

from itertools import pairwise

import torch
from torch import Tensor, nn


def norms(name: str, features: int) -> list[nn.Module]:
    # One group normalises over features and map and scales each feature, as [GP]'s layer norm does.
    made = {"batch": nn.BatchNorm2d, "layer": lambda n: nn.GroupNorm(1, n)}
    return [made[name](features)] if name in made else []


class Cropped(nn.Module):
    """Leaves out the last row and column, which "same" padding does not give."""

    def forward(self, x: Tensor) -> Tensor:
        return x[..., :-1, :-1]


class Gated(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.sigmoid(x[:, ::2]) * torch.tanh(x[:, 1::2])


class Sum(nn.Module):
    def __init__(self, shortcut: nn.Module, branch: nn.Module, factor: float = 1.0) -> None:
        super().__init__()
        self.branch, self.shortcut, self.factor = branch, shortcut, factor

    def forward(self, x: Tensor) -> Tensor:
        return self.shortcut(x) + self.factor * self.branch(x)


def dcgan_generator(size: int, channels: int, latent: int, width: int, norm="batch", halve=True):
    """WassersteinGAN's DCGAN_G, DCGAN_G_nobn, or (not halving) what the paper describes."""
    stages = size.bit_length() - 3
    widths = [width * 2**k if halve else width for k in reversed(range(stages))]
    layers: list[nn.Module] = []
    for k, (a, b) in enumerate(pairwise([latent, *widths])):
        step = (1, 0) if k == 0 else (2, 1)
        layers += [nn.ConvTranspose2d(a, b, 4, *step, bias=False), *norms(norm, b), nn.ReLU()]
    last = nn.ConvTranspose2d(widths[-1], channels, 4, 2, 1, bias=False)
    return nn.Sequential(nn.Unflatten(1, (latent, 1, 1)), *layers, last, nn.Tanh())


def dcgan_critic(size: int, channels: int, width: int, norm="batch"):
    """WassersteinGAN's DCGAN_D, or DCGAN_D_nobn."""
    widths = [width * 2**k for k in range(size.bit_length() - 3)]
    layers: list[nn.Module] = []
    for k, (a, b) in enumerate(pairwise([channels, *widths])):
        layers += [nn.Conv2d(a, b, 4, 2, 1, bias=False), *norms(norm if k else "none", b)]
        layers.append(nn.LeakyReLU(0.2))
    return nn.Sequential(*layers, nn.Conv2d(widths[-1], 1, 4, bias=False), nn.Flatten(0))


def mlp(sizes: list[int]):
    """Linear layers with ReLU between them."""
    layers: list[nn.Module] = []
    for a, b in pairwise(sizes):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(nn.Flatten(), *layers[:-1])


def gp_dcgan_generator(
    size: int, channels: int, latent: int, width: int, norm: str, act: nn.Module, halve=True
):
    """improved_wgan_training's DCGANGenerator, its multiplicative and its crippled kin."""
    pair = 2 if isinstance(act, Gated) else 1
    widths = [width * 2**k if halve else width for k in reversed(range(size.bit_length() - 3))]
    start = [nn.Linear(latent, widths[0] * pair * 16), nn.Unflatten(1, (widths[0] * pair, 4, 4))]
    layers: list[nn.Module] = [*start, *norms(norm, widths[0] * pair), act]
    for a, b in pairwise(widths):
        layers += [*up5(a, b * pair), *norms(norm, b * pair), act]
    return nn.Sequential(*layers, *up5(widths[-1], channels), nn.Tanh())


def gp_dcgan_critic(size: int, channels: int, width: int, norm: str, act: nn.Module):
    """improved_wgan_training's DCGANDiscriminator and MultiplicativeDCGANDiscriminator."""
    pair = 2 if isinstance(act, Gated) else 1
    widths = [width * 2**k for k in range(size.bit_length() - 3)]
    layers: list[nn.Module] = []
    for k, (a, b) in enumerate(pairwise([channels, *widths])):
        layers += [nn.ZeroPad2d((1, 2, 1, 2)), nn.Conv2d(a, b * pair, 5, 2)]
        layers += [*norms(norm if k else "none", b * pair), act]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(widths[-1] * 16, 1), nn.Flatten(0))


def up5(inputs: int, outputs: int) -> list[nn.Module]:
    return [nn.ConvTranspose2d(inputs, outputs, 5, 2, 1), Cropped()]


def resnet_generator(size: int, channels: int, latent: int, width: int, norm: str):
    """improved_wgan_training's GoodGenerator."""
    widths = [width * 2**k for k in reversed(range(size.bit_length() - 3))]
    blocks = [residual(a, b, norm, up=True) for a, b in pairwise([widths[0], *widths])]
    end = [*norms(norm, width), nn.ReLU(), nn.Conv2d(width, channels, 3, padding=1), nn.Tanh()]
    start = [nn.Linear(latent, widths[0] * 16), nn.Unflatten(1, (widths[0], 4, 4))]
    return nn.Sequential(*start, *blocks, *end)


def resnet_critic(size: int, channels: int, width: int, norm: str):
    """improved_wgan_training's GoodDiscriminator."""
    widths = [width * 2**k for k in range(size.bit_length() - 3)]
    widths.append(widths[-1])
    blocks = [residual(a, b, norm, up=False) for a, b in pairwise(widths)]
    end = [nn.Flatten(), nn.Linear(widths[-1] * 16, 1), nn.Flatten(0)]
    return nn.Sequential(nn.Conv2d(channels, width, 3, padding=1), *blocks, *end)


def residual(inputs: int, outputs: int, norm: str, *, up: bool) -> nn.Module:
    between = outputs if up else inputs
    double = [nn.Upsample(scale_factor=2)] if up else []
    halve = [] if up else [nn.AvgPool2d(2)]
    one = nn.Conv2d(inputs, between, 3, padding=1, bias=False)
    two = nn.Conv2d(between, outputs, 3, padding=1)
    branch = nn.Sequential(
        *norms(norm, inputs), nn.ReLU(), *double, one, *norms(norm, between), nn.ReLU(), two, *halve
    )
    return Sum(nn.Sequential(*double, *halve, nn.Conv2d(inputs, outputs, 1)), branch)


def deep_resnet_generator(
    size: int, channels: int, latent: int, width: int, norm: str, blocks: int = 6
):
    """improved_wgan_training's ResnetGenerator."""
    stages = size.bit_length() - 3
    n = width * 2 ** (stages - 1)
    layers: list[nn.Module] = [nn.Linear(latent, n * 16), nn.Unflatten(1, (n, 4, 4))]
    for _ in range(stages):
        layers += [bottleneck(n, n, norm) for _ in range(blocks)]
        layers.append(bottleneck(n, n // 2, norm, "up"))
        n //= 2
    layers += [bottleneck(n, n, norm) for _ in range(blocks - 1)]
    return nn.Sequential(*layers, nn.Conv2d(n, channels, 1), Fifth(), nn.Tanh())


def deep_resnet_critic(size: int, channels: int, width: int, norm: str, blocks: int = 6):
    """improved_wgan_training's ResnetDiscriminator."""
    n = width // 2
    layers: list[nn.Module] = [nn.Conv2d(channels, n, 1)]
    layers += [bottleneck(n, n, norm) for _ in range(blocks - 1)]
    for _ in range(size.bit_length() - 3):
        layers.append(bottleneck(n, 2 * n, norm, "down"))
        n *= 2
        layers += [bottleneck(n, n, norm) for _ in range(blocks)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(n * 16, 1), nn.Flatten(0), Fifth())


class Fifth(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x / 5


def bottleneck(inputs: int, outputs: int, norm: str, resample: str = "") -> nn.Module:
    a, b = inputs // 2, outputs // 2
    middle = {
        "": [nn.Conv2d(a, b, 3, padding=1)],
        "down": [nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(a, b, 3, 2)],
        "up": [nn.ConvTranspose2d(a, b, 3, 2), Cropped()],
    }[resample]
    branch = nn.Sequential(
        nn.ReLU(), nn.Conv2d(inputs, a, 1), nn.ReLU(), *middle,
        nn.ReLU(), nn.Conv2d(b, outputs, 1, bias=False), *norms(norm, outputs),
    )  # fmt: skip
    shortcut = {
        "": nn.Identity(),
        "down": nn.Conv2d(inputs, outputs, 1, 2),
        "up": nn.Sequential(nn.Conv2d(inputs, 4 * outputs, 1), nn.PixelShuffle(2)),
    }[resample]
    return Sum(shortcut, branch, 0.3)


def with_weights_of(net: nn.Module, stacked: nn.Module, replica: int) -> nn.Module:
    """Copy a replica's parameters; both nets list theirs in the same order."""
    for theirs, ours in zip(net.parameters(), stacked.parameters(), strict=True):
        own = ours.data[replica]
        # Stacked linear layers hold their weights with the inputs first.
        theirs.data = (own.T if theirs.ndim == 2 and len(theirs) > 1 else own).reshape(theirs.shape)
    return net
