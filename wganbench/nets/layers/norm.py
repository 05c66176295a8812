"""Batch and layer normalisation over stacked replicas.

Batch norm always uses the statistics of the batch at hand, when sampling too: the official WGAN
code never switches its nets to evaluation mode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from jaxtyping import Float
from torch import Tensor, nn

from wganbench.nets.layers.conv import DCGAN_STD
if TYPE_CHECKING:
    from wganbench.training.streams import Streams

EPSILON = 1e-5


class Normalise(nn.Module):
    """Standardises, then scales and shifts each feature; which axes is the subclass's matter."""

    def __init__(self, streams: Streams, features: int, init: str) -> None:
        super().__init__()
        scale = torch.ones_like(streams.like(features))
        if init == "dcgan":
            scale = scale + DCGAN_STD * streams.normal("initialisation", features)
        self.scale = nn.Parameter(scale)
        self.shift = nn.Parameter(torch.zeros_like(scale))

    def axes(self, dims: int) -> list[int]:
        """Return the axes to average over, for an input with `dims` axes."""
        raise NotImplementedError

    def forward(self, x: Float[Tensor, "replica batch features *map"]) -> Float[Tensor, "replica batch features *map"]:  # fmt: skip # noqa: E501
        """Return the normalised input."""
        variance, mean = torch.var_mean(x, self.axes(x.ndim), correction=0, keepdim=True)
        per_feature = (x.shape[0], 1, x.shape[2], *[1] * (x.ndim - 3))
        scale = self.scale.view(per_feature) * torch.rsqrt(variance + EPSILON)
        return (x - mean) * scale + self.shift.view(per_feature)


class BatchNorm(Normalise):
    """Over the batch, and the map if there is one (Ioffe and Szegedy 2015)."""

    def axes(self, dims: int) -> list[int]:
        """Return every axis but the replica's and the feature's."""
        return [1, *range(3, dims)]


class LayerNorm(Normalise):
    """Over features, and the map if there is one (Ba et al. 2016), as [GP] advises for critics."""

    def axes(self, dims: int) -> list[int]:
        """Return every axis but the replica's and the batch's."""
        return list(range(2, dims))


def normalisation(
    norm: str, streams: Streams, features: int, init: str = "default"
) -> list[nn.Module]:
    """Return the layers that `norm` (none, batch, layer) names: none or one."""
    if norm == "none":
        return []
    return [{"batch": BatchNorm, "layer": LayerNorm}[norm](streams, features, init)]
