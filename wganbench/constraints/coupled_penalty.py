"""Gradient penalty between the pairs that an optimal plan couples ([GP] proposition 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wganbench.constraints.placed_penalty import PlacedPenalty

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from wganbench.training.streams import Streams


class CoupledPenalty(PlacedPenalty):
    """Interpolates, as [GP] has them, of a batch's coupled pairs in place of independent ones.

    [GP]'s proposition is about the plan between the laws; a batch's own is what can be had of it.
    It is found on the host, so that an iteration has no CUDA graph.
    """

    name: Literal["coupled-penalty"] = "coupled-penalty"

    def place(
        self,
        real: Float[Tensor, "replica batch *shape"],
        fake: Float[Tensor, "replica batch *shape"],
        streams: Streams,
    ) -> Float[Tensor, "replica batch *shape"]:
        from wganbench.losses import distances
        from wganbench.losses.exact_ot import coupled
        from wganbench.nets.layers.gradients import interpolate

        x, y = (side.detach().flatten(2) for side in (real, fake))
        order = coupled(distances(x, y))
        partners = fake.gather(1, order.view(*order.shape, *[1] * (fake.ndim - 2)).expand_as(fake))
        return interpolate(real, partners, streams.uniform("penalty", real.shape[1]))
