"""Gradient penalty anywhere in the box about the samples: what holds it everywhere costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wganbench.constraints.placed_penalty import PlacedPenalty

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from wganbench.training.streams import Streams


class UniformPenalty(PlacedPenalty):
    """Points uniform in the smallest box, along the axes, about a batch of real and generated.

    [GP] section 4 calls the constraint intractable everywhere and takes interpolates instead.
    """

    name: Literal["uniform-penalty"] = "uniform-penalty"

    def place(
        self,
        real: Float[Tensor, "replica batch *shape"],
        fake: Float[Tensor, "replica batch *shape"],
        streams: Streams,
    ) -> Float[Tensor, "replica batch *shape"]:
        import torch

        both = torch.cat([real, fake], dim=1)
        low, high = both.amin(1, keepdim=True), both.amax(1, keepdim=True)
        return low + (high - low) * streams.uniform("penalty", *real.shape[1:])
