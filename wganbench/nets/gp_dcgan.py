"""DCGAN as in [GP]'s code (gan_64x64.py), the base of five of figure 2's seven architectures.

It differs from [WGAN]'s DCGAN (module `dcgan`): 5x5 kernels, biases, a linear layer at the 4x4 map
instead of a convolution, and uniform initial weights. Figure 2 uses it as it is ("baseline"), with
tanh nonlinearities, with gated ones, without any normalisation, and, for the generator, without
batch norm and with a constant number of filters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wganbench.nets import Critic, Generator, Norm, Width
from wganbench.nets.images import SMALLEST_MAP, SquareImages

if TYPE_CHECKING:
    from torch.nn import Module

    from wganbench.training.streams import Streams

Slug = {"relu": "", "leaky-relu": "", "tanh": "tanh", "gated": "gated"}
Nonlinearity = Annotated[
    Literal["relu", "leaky-relu", "tanh", "gated"],
    Field(
        description="`gated`: sigmoid(a) tanh(b) of pairs of features; layers are twice as wide "
        "before it.",
        json_schema_extra={"slug": Slug},
    ),
]
Init = Annotated[
    Literal["dcgan", "he"],
    Field(
        description="Uniform weights of standard deviation 0.02 (`dcgan`), or `he`: after He et "
        "al. in convolutions and Glorot in the linear layer. [GP]'s code takes `he` for gated "
        "nonlinearities and for constant filters."
    ),
]
KERNEL = 5
CELLS = SMALLEST_MAP**2


class GPDCGANGenerator(SquareImages, Generator):
    """A linear layer to a 4x4 map, then transposed convolutions that halve the filters; tanh."""

    name: Annotated[
        Literal["gp-dcgan"], Field(json_schema_extra={"slug": {"gp-dcgan": "gpdcgan"}})
    ] = "gp-dcgan"
    width: Width = 64  # DIM of the official code
    norm: Norm = "batch"
    constant_filters: Annotated[
        bool, Field(description="Same number of filters in every layer ([GP] figure 2, row 2).")
    ] = False
    nonlinearity: Nonlinearity = "relu"
    init: Init = "dcgan"

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        from torch.nn import Sequential

        from wganbench.nets.layers.activations import Tanh, nonlinearity
        from wganbench.nets.layers.initial import deviation
        from wganbench.nets.layers.linear import Linear, Unflatten
        from wganbench.nets.layers.norm import normalisation
        from wganbench.nets.layers.same_conv import SameConvTranspose

        channels, doublings = self.channels_and_doublings(shape)
        widths = [
            self.width if self.constant_filters else self.width * 2**k
            for k in reversed(range(doublings))
        ]
        pairs = _pairs(self.nonlinearity)
        layers: list[Module] = []
        for position, outputs in enumerate(widths):
            features = outputs * pairs
            if position == 0:
                std = deviation(_linear(self.init), self.latent_dim, features * CELLS)
                layers.append(Linear(streams, self.latent_dim, features * CELLS, std))
                layers.append(Unflatten((features, SMALLEST_MAP, SMALLEST_MAP)))
            else:
                inputs = widths[position - 1]
                layers.append(SameConvTranspose(streams, inputs, features, KERNEL, init=self.init))
            layers.extend(normalisation(self.norm, streams, features))
            layers.append(nonlinearity(self.nonlinearity))
        last = SameConvTranspose(streams, widths[-1], channels, KERNEL, init=self.init)
        return Sequential(*layers, last, Tanh())


class GPDCGANCritic(SquareImages, Critic):
    """Strided convolutions down to a 4x4 map, doubling the filters; one linear unit."""

    name: Annotated[Literal["gp-dcgan"], Field(json_schema_extra={"slug": {"gp-dcgan": ""}})] = (
        "gp-dcgan"
    )
    width: Width = 64  # DIM of the official code
    norm: Norm = "batch"  # [GP]'s code: layer norm under the gradient penalty
    nonlinearity: Nonlinearity = "leaky-relu"
    init: Init = "dcgan"

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        from torch.nn import Flatten, Sequential

        from wganbench.nets.layers.activations import nonlinearity
        from wganbench.nets.layers.initial import deviation
        from wganbench.nets.layers.linear import Head
        from wganbench.nets.layers.norm import normalisation
        from wganbench.nets.layers.same_conv import SameConv

        inputs, halvings = self.channels_and_doublings(shape)
        layers: list[Module] = []
        for k in range(halvings):
            outputs = self.width * 2**k
            features = outputs * _pairs(self.nonlinearity)
            layers.append(SameConv(streams, inputs, features, KERNEL, 2, init=self.init))
            if k > 0:  # the official code leaves the first layer unnormalised
                layers.extend(normalisation(self.norm, streams, features))
            layers.append(nonlinearity(self.nonlinearity))
            inputs = outputs
        std = deviation(_linear(self.init), inputs * CELLS, 1)
        return Sequential(*layers, Flatten(2), Head(streams, inputs * CELLS, std))


def _pairs(name: str) -> int:
    return 2 if name == "gated" else 1


def _linear(init: Literal["dcgan", "he"]) -> Literal["dcgan", "glorot"]:
    return "dcgan" if init == "dcgan" else "glorot"
