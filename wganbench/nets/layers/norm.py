"""Batch and layer normalisation over stacked replicas.

Batch norm always uses the statistics of the batch at hand, when sampling too: the official WGAN
code never switches its nets to evaluation mode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import batch_norm, layer_norm

from wganbench.nets.layers.initial import DCGAN_STD

if TYPE_CHECKING:
    from wganbench.training.streams import Streams


class Affine(nn.Module):
    """Scale and shift of each feature, which both normalisations learn."""

    def __init__(self, streams: Streams, features: int, init: str) -> None:
        super().__init__()
        scale = torch.ones_like(streams.like(features))
        if init == "dcgan":
            scale = scale + DCGAN_STD * streams.normal("initialisation", features)
        self.scale = nn.Parameter(scale)
        self.shift = nn.Parameter(torch.zeros_like(scale))


class BatchNorm(Affine):
    """Over the batch, and the map if there is one (Ioffe and Szegedy 2015)."""

    def forward(
        self, x: Float[Tensor, "replica batch features *map"]
    ) -> Float[Tensor, "replica batch features *map"]:
        stack = zip(x, self.scale, self.shift, strict=True)
        return torch.stack(
            [batch_norm(y, None, None, scale, shift, training=True) for y, scale, shift in stack]
        )


class LayerNorm(Affine):
    """Over features, and the map if there is one (Ba et al. 2016), as [GP] advises for critics."""

    def forward(
        self, x: Float[Tensor, "replica batch features *map"]
    ) -> Float[Tensor, "replica batch features *map"]:
        per_feature = (x.shape[0], 1, x.shape[2], *[1] * (x.ndim - 3))
        scale, shift = self.scale.view(per_feature), self.shift.view(per_feature)
        return layer_norm(x, x.shape[2:]) * scale + shift


def normalisation(
    norm: str, streams: Streams, features: int, init: str = "default"
) -> list[nn.Module]:
    """Return the layers that `norm` (none, batch, layer) names: none or one."""
    if norm == "none":
        return []
    return [{"batch": BatchNorm, "layer": LayerNorm}[norm](streams, features, init)]
