"""Residual blocks of [GP]'s code (gan_64x64.py): plain ones and bottlenecks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn

from wganbench.nets.layers.activations import ReLU
from wganbench.nets.layers.norm import normalisation
from wganbench.nets.layers.same_conv import SameConv, SameConvTranspose

if TYPE_CHECKING:
    from wganbench.training.streams import Streams

BRANCH = 0.3  # what a bottleneck's branch is multiplied by before it is added


class MeanPool(nn.Module):
    """Halves a map by the mean of each 2x2 square."""

    def forward(
        self, x: Float[Tensor, "replica batch features height width"]
    ) -> Float[Tensor, "replica batch features h w"]:
        rows = x[..., 0::2, :] + x[..., 1::2, :]
        return (rows[..., 0::2] + rows[..., 1::2]) / 4


class Upsample(nn.Module):
    """Doubles a map by repeating each pixel in a 2x2 square."""

    def forward(
        self, x: Float[Tensor, "replica batch features height width"]
    ) -> Float[Tensor, "replica batch features h w"]:
        rows = torch.stack([x, x], dim=-1).flatten(-2)
        return torch.stack([rows, rows], dim=-2).flatten(-3, -2)


class Normalised(nn.Sequential):
    """Normalisation, if any, as one layer."""

    def __init__(self, norm: str, streams: Streams, features: int) -> None:
        super().__init__(*normalisation(norm, streams, features))


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions, normalised before each, that double or halve the map."""

    def __init__(
        self,
        streams: Streams,
        inputs: int,
        outputs: int,
        resample: Literal["up", "down"],
        norm: str,
    ) -> None:
        super().__init__()
        between = outputs if resample == "up" else inputs
        up = Upsample() if resample == "up" else nn.Identity()
        down = MeanPool() if resample == "down" else nn.Identity()
        one = SameConv(streams, inputs, between, 3, bias=False)
        two = SameConv(streams, between, outputs, 3)
        self.branch = nn.Sequential(
            Normalised(norm, streams, inputs), ReLU(), up, one,
            Normalised(norm, streams, between), ReLU(), two, down,
        )  # fmt: skip
        self.shortcut = nn.Sequential(
            up, down, SameConv(streams, inputs, outputs, 1, init="glorot")
        )

    def forward(
        self, x: Float[Tensor, "replica batch inputs height width"]
    ) -> Float[Tensor, "replica batch outputs h w"]:
        shortcut, branch = self.shortcut(x), self.branch(x)
        total: Tensor = shortcut + branch
        return total


class Bottleneck(nn.Module):
    """1x1, 3x3 and 1x1 convolutions, the middle one of half the features; the sum is damped."""

    def __init__(
        self,
        streams: Streams,
        inputs: int,
        outputs: int,
        resample: Literal["none", "up", "down"],
        norm: str,
    ) -> None:
        super().__init__()
        stride = 2 if resample == "down" else 1
        middle: nn.Module = SameConv(streams, inputs // 2, outputs // 2, 3, stride)
        if resample == "up":
            middle = SameConvTranspose(streams, inputs // 2, outputs // 2, 3)
        self.branch = nn.Sequential(
            ReLU(), SameConv(streams, inputs, inputs // 2, 1), ReLU(), middle,
            ReLU(), SameConv(streams, outputs // 2, outputs, 1, bias=False),
            Normalised(norm, streams, outputs),
        )  # fmt: skip
        self.shortcut: nn.Module = nn.Identity()
        if resample == "down":
            self.shortcut = SameConv(streams, inputs, outputs, 1, stride, init="glorot")
        if resample == "up":  # sub-pixel convolution: four features of a pixel become its square
            wide = SameConv(streams, inputs, 4 * outputs, 1, init="glorot")
            self.shortcut = nn.Sequential(wide, nn.PixelShuffle(2))

    def forward(
        self, x: Float[Tensor, "replica batch inputs height width"]
    ) -> Float[Tensor, "replica batch outputs h w"]:
        """Return the sum of shortcut and damped branch."""
        shortcut, branch = self.shortcut(x), self.branch(x)
        total: Tensor = shortcut + BRANCH * branch
        return total
