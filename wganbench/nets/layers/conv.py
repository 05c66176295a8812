"""4x4 convolutions over stacked replicas, without bias as in the official DCGAN code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jaxtyping import Float
from torch import Tensor, nn

from wganbench.nets.layers.convolve import conv, conv_transpose, replica_by_replica
from wganbench.nets.layers.initial import DCGAN_STD

if TYPE_CHECKING:
    from wganbench.training.streams import Streams

KERNEL = 4


def _initial(streams: Streams, init: str, fan_in: int, *shape: int) -> Tensor:
    if init == "dcgan":
        return DCGAN_STD * streams.normal("initialisation", *shape)
    return streams.bounded("initialisation", fan_in**-0.5, *shape)


class Conv(nn.Module):
    """torch.nn.Conv2d for each replica."""

    unit_axis = 1

    def __init__(
        self, streams: Streams, inputs: int, outputs: int, stride: int, padding: int, init: str
    ) -> None:
        super().__init__()
        self.stride, self.padding = stride, padding
        shape = (outputs, inputs, KERNEL, KERNEL)
        self.weight = nn.Parameter(_initial(streams, init, inputs * KERNEL**2, *shape))

    def forward(
        self, x: Float[Tensor, "replica batch inputs height width"]
    ) -> Float[Tensor, "replica batch outputs h w"]:
        return replica_by_replica(conv, x, self.weight, self.stride, self.padding)


class ConvTranspose(nn.Module):
    """torch.nn.ConvTranspose2d for each replica."""

    def __init__(
        self, streams: Streams, inputs: int, outputs: int, stride: int, padding: int, init: str
    ) -> None:
        super().__init__()
        self.stride, self.padding = stride, padding
        shape = (inputs, outputs, KERNEL, KERNEL)
        # torch takes a transposed convolution's fan-in from its outputs.
        self.weight = nn.Parameter(_initial(streams, init, outputs * KERNEL**2, *shape))

    def forward(
        self, x: Float[Tensor, "replica batch inputs height width"]
    ) -> Float[Tensor, "replica batch outputs h w"]:
        return replica_by_replica(conv_transpose, x, self.weight, self.stride, self.padding)


class ToMap(nn.Module):
    """Gives latents the shape of 1x1 maps."""

    def forward(
        self, z: Float[Tensor, "replica batch latent"]
    ) -> Float[Tensor, "replica batch latent 1 1"]:
        return z[..., None, None]
