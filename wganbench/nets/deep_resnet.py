"""Deep ResNets of bottleneck blocks: at 64x64 the 101 layers of [GP] figure 2, as in its code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, PositiveInt

from wganbench.nets import Critic, Generator, Norm, Width
from wganbench.nets.images import SMALLEST_MAP, SquareImages

if TYPE_CHECKING:
    from torch.nn import Module

    from wganbench.training.streams import Streams

CELLS = SMALLEST_MAP**2
LOGIT_SCALE = 1 / 5  # of either net's last values, in the official code


def _in_quarters(width: int) -> int:
    if width % 4:
        raise ValueError(
            f"width {width} must be a multiple of 4: bottlenecks have width / 4 at full size"
        )
    return width


DeepWidth = Annotated[Width, AfterValidator(_in_quarters)]
Blocks = Annotated[
    PositiveInt,
    Field(
        le=1000,
        description="Bottlenecks per size of the map that keep it, one fewer at full size; with "
        "one more for each doubling, 6 make 101 layers at 64x64.",
        json_schema_extra={"slug": "blocks"},
    ),
]


class DeepResNetGenerator(SquareImages, Generator):
    """A linear layer to a 4x4 map, bottlenecks that keep or double it, a 1x1 convolution; tanh."""

    name: Annotated[
        Literal["deep-resnet"], Field(json_schema_extra={"slug": {"deep-resnet": "deepresnet"}})
    ] = "deep-resnet"
    width: DeepWidth = 64  # DIM of the official code
    blocks: Blocks = 6
    norm: Norm = "batch"

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        from torch.nn import Sequential

        from wganbench.nets.layers.activations import Scale, Tanh
        from wganbench.nets.layers.initial import deviation
        from wganbench.nets.layers.linear import Linear, Unflatten
        from wganbench.nets.layers.residual import Bottleneck
        from wganbench.nets.layers.same_conv import SameConv

        channels, doublings = self.channels_and_doublings(shape)
        width = self.width * 2 ** (doublings - 1)
        std = deviation("glorot", self.latent_dim, width * CELLS)
        layers: list[Module] = [
            Linear(streams, self.latent_dim, width * CELLS, std),
            Unflatten((width, SMALLEST_MAP, SMALLEST_MAP)),
        ]
        for _ in range(doublings):
            layers += [
                Bottleneck(streams, width, width, "none", self.norm) for _ in range(self.blocks)
            ]
            layers.append(Bottleneck(streams, width, width // 2, "up", self.norm))
            width //= 2
        layers += [
            Bottleneck(streams, width, width, "none", self.norm) for _ in range(self.blocks - 1)
        ]
        last = SameConv(streams, width, channels, 1, init="glorot")
        return Sequential(*layers, last, Scale(LOGIT_SCALE), Tanh())


class DeepResNetCritic(SquareImages, Critic):
    """A 1x1 convolution, bottlenecks that keep or halve the map, one linear unit."""

    name: Annotated[
        Literal["deep-resnet"], Field(json_schema_extra={"slug": {"deep-resnet": ""}})
    ] = "deep-resnet"
    width: DeepWidth = 64  # DIM of the official code
    blocks: Blocks = 6
    norm: Norm = "batch"  # [GP]'s code: layer norm under the gradient penalty

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        from torch.nn import Flatten, Sequential

        from wganbench.nets.layers.activations import Scale
        from wganbench.nets.layers.initial import deviation
        from wganbench.nets.layers.linear import Head
        from wganbench.nets.layers.residual import Bottleneck
        from wganbench.nets.layers.same_conv import SameConv

        channels, halvings = self.channels_and_doublings(shape)
        width = self.width // 2
        layers: list[Module] = [SameConv(streams, channels, width, 1, init="glorot")]
        layers += [
            Bottleneck(streams, width, width, "none", self.norm) for _ in range(self.blocks - 1)
        ]
        for _ in range(halvings):
            layers.append(Bottleneck(streams, width, 2 * width, "down", self.norm))
            width *= 2
            layers += [
                Bottleneck(streams, width, width, "none", self.norm) for _ in range(self.blocks)
            ]
        head = Head(streams, width * CELLS, deviation("glorot", width * CELLS, 1))
        return Sequential(*layers, Flatten(2), head, Scale(LOGIT_SCALE))
