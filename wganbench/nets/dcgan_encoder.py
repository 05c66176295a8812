"""An encoder of convolutions: the DCGAN critic's, without normalisation, and a linear output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wganbench.nets import Width
from wganbench.nets.encoders import Encoder
from wganbench.nets.images import SMALLEST_MAP, SquareImages

if TYPE_CHECKING:
    from torch.nn import Module

    from wganbench.training.streams import Streams


class DCGANEncoder(SquareImages, Encoder):
    """Strided convolutions down to a 4x4 map, doubling the filters at each halving.

    Batch norm, which the critic may have, would make a latent's law depend on other images.
    """

    name: Literal["dcgan"] = "dcgan"
    width: Width = 64  # as the critic's

    def build(self, shape: tuple[int, ...], latent_dim: int, streams: Streams) -> Module:
        from torch.nn import Flatten, Sequential

        from wganbench.nets.layers.activations import LEAK, LeakyReLU
        from wganbench.nets.layers.conv import Conv
        from wganbench.nets.layers.linear import Linear

        inputs, halvings = self.channels_and_doublings(shape)
        layers: list[Module] = []
        for k in range(halvings):
            outputs = self.width * 2**k
            layers += [Conv(streams, inputs, outputs, 2, 1, "default"), LeakyReLU(LEAK)]
            inputs = outputs
        output = Linear(streams, inputs * SMALLEST_MAP**2, 2 * latent_dim)
        return Sequential(*layers, Flatten(2), output)
