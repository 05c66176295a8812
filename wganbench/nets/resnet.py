"""ResNets of plain residual blocks: what [GP]'s code calls its good generator and discriminator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wganbench.nets import Critic, Generator, Norm, Width
from wganbench.nets.images import SMALLEST_MAP, SquareImages

if TYPE_CHECKING:
    from torch.nn import Module

    from wganbench.training.streams import Streams

CELLS = SMALLEST_MAP**2


class ResNetGenerator(SquareImages, Generator):
    """A linear layer to a 4x4 map, a residual block for each doubling, a convolution; tanh."""

    name: Annotated[Literal["resnet"], Field(json_schema_extra={"slug": {"resnet": "resnet"}})] = (
        "resnet"
    )
    width: Width = 64  # DIM of the official code
    norm: Norm = "batch"

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        from torch.nn import Sequential

        from wganbench.nets.layers.activations import ReLU, Tanh
        from wganbench.nets.layers.initial import deviation
        from wganbench.nets.layers.linear import Linear, Unflatten
        from wganbench.nets.layers.norm import normalisation
        from wganbench.nets.layers.residual import ResidualBlock
        from wganbench.nets.layers.same_conv import SameConv

        channels, doublings = self.channels_and_doublings(shape)
        inputs = self.width * 2 ** (doublings - 1)
        std = deviation("glorot", self.latent_dim, inputs * CELLS)
        layers: list[Module] = [
            Linear(streams, self.latent_dim, inputs * CELLS, std),
            Unflatten((inputs, SMALLEST_MAP, SMALLEST_MAP)),
        ]
        for k in reversed(range(doublings)):
            layers.append(ResidualBlock(streams, inputs, self.width * 2**k, "up", self.norm))
            inputs = self.width * 2**k
        layers.extend(normalisation(self.norm, streams, inputs))
        return Sequential(*layers, ReLU(), SameConv(streams, inputs, channels, 3), Tanh())


class ResNetCritic(SquareImages, Critic):
    """A convolution, a residual block for each halving down to a 4x4 map, one linear unit."""

    name: Annotated[Literal["resnet"], Field(json_schema_extra={"slug": {"resnet": ""}})] = "resnet"
    width: Width = 64  # DIM of the official code
    norm: Norm = "batch"  # [GP]'s code: layer norm under the gradient penalty

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        from torch.nn import Flatten, Sequential

        from wganbench.nets.layers.initial import deviation
        from wganbench.nets.layers.linear import Head
        from wganbench.nets.layers.residual import ResidualBlock
        from wganbench.nets.layers.same_conv import SameConv

        channels, halvings = self.channels_and_doublings(shape)
        layers: list[Module] = [SameConv(streams, channels, self.width, 3, init="glorot")]
        inputs = self.width
        for k in range(halvings):
            # The last block keeps the number of filters that the one before it has reached.
            outputs = self.width * 2 ** min(k + 1, halvings - 1)
            layers.append(ResidualBlock(streams, inputs, outputs, "down", self.norm))
            inputs = outputs
        head = Head(streams, inputs * CELLS, deviation("glorot", inputs * CELLS, 1))
        return Sequential(*layers, Flatten(2), head)
