"""A stretch and a shift of each coordinate."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from jaxtyping import Float
from torch import Tensor, nn

if TYPE_CHECKING:
    from wganbench.training.streams import Streams


class Affine(nn.Module):
    """x = mu + sigma z for each replica, at first with mu = 0 and sigma = 1."""

    def __init__(self, streams: Streams, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.shape = shape
        self.mu = nn.Parameter(streams.like(1, prod(shape)).zero_())
        self.sigma = nn.Parameter(streams.like(1, prod(shape)).zero_() + 1)

    def forward(
        self, z: Float[Tensor, "replica batch flat"]
    ) -> Float[Tensor, "replica batch *shape"]:
        return (self.mu + self.sigma * z).reshape(*z.shape[:2], *self.shape)
