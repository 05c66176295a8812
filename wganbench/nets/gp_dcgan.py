"""DCGAN as in [GP]'s code (gan_64x64.py), the base of five of figure 2's seven architectures.

It differs from [WGAN]'s DCGAN (module `dcgan`): 5x5 kernels, biases, a linear layer at the 4x4 map
instead of a convolution, and uniform initial weights. Figure 2 uses it as it is ("baseline"), with
tanh nonlinearities, with gated ones, without any normalisation, and, for the generator, without
batch norm and with a constant number of filters. Table 1's random architectures vary it further, in
nonlinearities, filters and depth; how deeper nets are made the paper does not say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, PositiveInt

from wganbench.nets import Critic, Generator, Norm, Width
from wganbench.nets.images import SMALLEST_MAP, SquareImages
from wganbench.plugins import Since

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch.nn import Module

    from wganbench.training.streams import Streams

Slug = {"relu": "", "leaky-relu": "", "softplus": "softplus", "tanh": "tanh", "gated": "gated"}
Name = Literal["relu", "leaky-relu", "softplus", "tanh", "gated"]
Nonlinearity = Annotated[
    Name,
    Field(
        description="`softplus`: softplus(2x + 2) / 2 - 1 ([GP] table 1). `gated`: sigmoid(a) "
        "tanh(b) of pairs of features; layers are twice as wide before it.",
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
LayersPerMap = Annotated[
    PositiveInt,
    Field(
        le=100,
        description="Layers at each size of the map, all but one of which keep it. 32x32 images "
        "have four sizes: 1, 2, 3 and 5 make 4, 8, 12 and 20 layers ([GP] table 1).",
        json_schema_extra={"slug": "layers"},
    ),
    Since("0.2", absent=1),
]
KERNEL = 5
CELLS = SMALLEST_MAP**2


class GPDCGANGenerator(SquareImages, Generator):
    """A linear layer to a 4x4 map, then transposed convolutions that halve the filters; tanh.

    Of several layers per map the first doubles it, and at full size the last makes the image.
    """

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
    layers_per_map: LayersPerMap = 1

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        from torch.nn import Sequential

        from wganbench.nets.layers.activations import Tanh
        from wganbench.nets.layers.initial import deviation
        from wganbench.nets.layers.linear import Linear, Unflatten
        from wganbench.nets.layers.norm import normalisation
        from wganbench.nets.layers.same_conv import SameConv, SameConvTranspose

        channels, doublings = self.channels_and_doublings(shape)
        *hidden, (inputs, doubles) = self._layers(doublings)
        to_image = SameConvTranspose if doubles else SameConv
        layers: list[Module] = []
        for outputs, grows in hidden:
            features = outputs * _pairs(self.nonlinearity)
            if not layers:
                std = deviation(_linear(self.init), self.latent_dim, features * CELLS)
                layers.append(Linear(streams, self.latent_dim, features * CELLS, std))
                layers.append(Unflatten((features, SMALLEST_MAP, SMALLEST_MAP)))
            else:
                convolution = SameConvTranspose if grows else SameConv
                layers.append(convolution(streams, inputs, features, KERNEL, init=self.init))
            layers.extend(normalisation(self.norm, streams, features))
            layers.append(_activation(self.nonlinearity))
            inputs = outputs
        last = to_image(streams, inputs, channels, KERNEL, init=self.init)
        return Sequential(*layers, last, Tanh())

    def _layers(self, doublings: int) -> Iterator[tuple[int, bool]]:
        """Yield each layer's filters and whether it doubles the map; the first makes the map.

        The last makes the image, which has its channels in place of these filters.
        """
        for k in (*reversed(range(doublings)), 0):
            filters = self.width if self.constant_filters else self.width * 2**k
            yield filters, True
            yield from [(filters, False)] * (self.layers_per_map - 1)


class GPDCGANCritic(SquareImages, Critic):
    """Strided convolutions down to a 4x4 map, doubling the filters; one linear unit.

    Of several layers per map the last halves it, and at 4x4 the last is the linear unit.
    """

    name: Annotated[Literal["gp-dcgan"], Field(json_schema_extra={"slug": {"gp-dcgan": ""}})] = (
        "gp-dcgan"
    )
    width: Width = 64  # DIM of the official code
    norm: Norm = "batch"  # [GP]'s code: layer norm under the gradient penalty
    nonlinearity: Nonlinearity = "leaky-relu"
    init: Init = "dcgan"
    layers_per_map: LayersPerMap = 1

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        from torch.nn import Flatten, Sequential

        from wganbench.nets.layers.initial import deviation
        from wganbench.nets.layers.linear import Head
        from wganbench.nets.layers.norm import normalisation
        from wganbench.nets.layers.same_conv import SameConv

        inputs, halvings = self.channels_and_doublings(shape)
        layers: list[Module] = []
        for outputs, stride in self._convolutions(halvings):
            features = outputs * _pairs(self.nonlinearity)
            is_first = not layers
            layers.append(SameConv(streams, inputs, features, KERNEL, stride, init=self.init))
            if not is_first:  # the official code leaves the first layer unnormalised
                layers.extend(normalisation(self.norm, streams, features))
            layers.append(_activation(self.nonlinearity))
            inputs = outputs
        std = deviation(_linear(self.init), inputs * CELLS, 1)
        return Sequential(*layers, Flatten(2), Head(streams, inputs * CELLS, std))

    def _convolutions(self, halvings: int) -> Iterator[tuple[int, int]]:
        """Yield each convolution's filters and stride."""
        filters = self.width
        for k in range(halvings + 1):
            yield from [(filters, 1)] * (self.layers_per_map - 1)
            filters = self.width * 2**k
            if k < halvings:
                yield filters, 2


def _activation(name: Name) -> Module:
    from wganbench.nets.layers.activations import nonlinearity
    from wganbench.nets.layers.softplus import ShiftedSoftplus

    return ShiftedSoftplus() if name == "softplus" else nonlinearity(name)


def _pairs(name: str) -> int:
    return 2 if name == "gated" else 1


def _linear(init: Literal["dcgan", "he"]) -> Literal["dcgan", "glorot"]:
    return "dcgan" if init == "dcgan" else "glorot"
