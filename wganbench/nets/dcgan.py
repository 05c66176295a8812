"""DCGAN for square images of a power-of-two size, as in [WGAN]'s official code."""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wganbench.nets import Critic, Generator, Norm, Width

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
SMALLEST_MAP = 4


class DCGANGenerator(Generator):
    """Transposed convolutions from a 4x4 map up, halving the filters at each doubling; tanh."""

    name: Annotated[Literal["dcgan"], Field(json_schema_extra={"slug": {"dcgan": "dcgan"}})] = (
        "dcgan"
    )
    width: Width = 64  # ngf of the official code
    norm: Norm = "batch"
    constant_filters: Annotated[
        bool,
        Field(
            description="Same number of filters in every layer ([WGAN] figure 6, no batch norm)."
        ),
    ] = False
    init: Init = "dcgan"

    def misfit(self, shape: tuple[int, ...]) -> str:
        """Return why not, unless samples are square images of size 8, 16, 32, ..."""
        return _misfit(shape)

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        """Return the net; see `misfit` for the shapes that it knows."""
        from torch.nn import ReLU, Sequential, Tanh

        from wganbench.nets.layers.conv import ConvTranspose, ToMap
        from wganbench.nets.layers.norm import normalisation

        channels, doublings = _image(shape)
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


class DCGANCritic(Critic):
    """Strided convolutions down to a 4x4 map, doubling the filters at each halving; one unit."""

    name: Annotated[Literal["dcgan"], Field(json_schema_extra={"slug": {"dcgan": ""}})] = "dcgan"
    width: Width = 64  # ndf of the official code
    norm: Norm = "batch"
    init: Init = "dcgan"

    def misfit(self, shape: tuple[int, ...]) -> str:
        """Return why not, unless samples are square images of size 8, 16, 32, ..."""
        return _misfit(shape)

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        """Return the net; see `misfit` for the shapes that it knows."""
        from torch.nn import Flatten, LeakyReLU, Sequential

        from wganbench.nets.layers.conv import Conv
        from wganbench.nets.layers.norm import normalisation

        inputs, halvings = _image(shape)
        layers: list[Module] = []
        for k in range(halvings):
            outputs = self.width * 2**k
            layers.append(Conv(streams, inputs, outputs, 2, 1, self.init))
            if k > 0:  # the official code leaves the first layer unnormalised
                layers.extend(normalisation(self.norm, streams, outputs, self.init))
            layers.append(LeakyReLU(0.2))
            inputs = outputs
        layers.append(Conv(streams, inputs, 1, 1, 0, self.init))
        return Sequential(*layers, Flatten(1))


def _image(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return channels and how often the size halves before a 4x4 map."""
    assert not _misfit(shape), _misfit(shape)
    return shape[0], (shape[1] // SMALLEST_MAP).bit_length() - 1


def _misfit(shape: tuple[int, ...]) -> str:
    if len(shape) == 3 and shape[1] == shape[2] >= 2 * SMALLEST_MAP:
        doublings = log2(shape[1] / SMALLEST_MAP)
        if doublings.is_integer():
            return ""
    return f"needs square images of size 8, 16, 32, ..., but a sample has shape {shape}"
