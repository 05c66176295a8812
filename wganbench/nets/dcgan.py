"""DCGAN for square images of a power-of-two size, as in [WGAN]'s official code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wganbench.nets import Critic, Generator, Norm, Width
from wganbench.nets.images import SquareImages

if TYPE_CHECKING:
    from torch.nn import Module

    from wganbench.training.streams import Streams

Init = Annotated[
    Literal["default", "dcgan"],
    Field(
        description="`dcgan`: weights N(0, 0.02) and batch-norm scales N(1, 0.02), as in the "
        "papers' code; `default`: PyTorch's."
    ),
]


class DCGANGenerator(SquareImages, Generator):
    """Transposed convolutions from a 4x4 map up, halving the filters at each doubling; tanh."""

    name: Annotated[Literal["dcgan"], Field(json_schema_extra={"slug": {"dcgan": "dcgan"}})] = (
        "dcgan"
    )
    width: Width = 64  # ngf of the official code
    norm: Norm = "batch"
    constant_filters: Annotated[
        bool,
        Field(
            description="Same number of filters in every layer ([WGAN] figure 6, no batch norm). "
            "The official code's --noBN goes on halving them."
        ),
    ] = False
    init: Init = "dcgan"

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        from torch.nn import Sequential, Tanh

        from wganbench.nets.layers.activations import ReLU
        from wganbench.nets.layers.conv import ConvTranspose, ToMap
        from wganbench.nets.layers.norm import normalisation

        channels, doublings = self.channels_and_doublings(shape)
        widths = [
            self.width if self.constant_filters else self.width * 2**k
            for k in reversed(range(doublings))
        ]
        layers: list[Module] = [ToMap()]
        inputs = self.latent_dim
        for position, outputs in enumerate(widths):
            stride, padding = (1, 0) if position == 0 else (2, 1)
            layers.append(ConvTranspose(streams, inputs, outputs, stride, padding, self.init))
            layers.extend(normalisation(self.norm, streams, outputs, self.init))
            layers.append(ReLU())
            inputs = outputs
        layers.append(ConvTranspose(streams, inputs, channels, 2, 1, self.init))
        return Sequential(*layers, Tanh())


class DCGANCritic(SquareImages, Critic):
    """Strided convolutions down to a 4x4 map, doubling the filters at each halving; one unit."""

    name: Annotated[Literal["dcgan"], Field(json_schema_extra={"slug": {"dcgan": ""}})] = "dcgan"
    width: Width = 64  # ndf of the official code
    norm: Norm = "batch"
    init: Init = "dcgan"

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        from torch.nn import Flatten, Sequential

        from wganbench.nets.layers.activations import LEAK, LeakyReLU
        from wganbench.nets.layers.conv import Conv
        from wganbench.nets.layers.norm import normalisation

        inputs, halvings = self.channels_and_doublings(shape)
        layers: list[Module] = []
        for k in range(halvings):
            outputs = self.width * 2**k
            layers.append(Conv(streams, inputs, outputs, 2, 1, self.init))
            if k > 0:  # the official code leaves the first layer unnormalised
                layers.extend(normalisation(self.norm, streams, outputs, self.init))
            layers.append(LeakyReLU(LEAK))
            inputs = outputs
        layers.append(Conv(streams, inputs, 1, 1, 0, self.init))
        return Sequential(*layers, Flatten(1))
