"""Gradient penalty between the pairs that an optimal plan couples ([GP] proposition 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wganbench.constraints.placed_penalty import PlacedPenalty

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor

    from wganbench.training.streams import Streams


class CoupledPenalty(PlacedPenalty):
    """Interpolates, as [GP] has them, of a batch's coupled pairs in place of independent ones.

    [GP]'s proposition is about the plan between the laws; a batch's own is what can be had of it.
    """

    name: Literal["coupled-penalty"] = "coupled-penalty"

    def place(
        self,
        real: Float[Tensor, "replica batch *shape"],
        fake: Float[Tensor, "replica batch *shape"],
        streams: Streams,
    ) -> Float[Tensor, "replica batch *shape"]:
        import torch

        from wganbench.nets.layers.gradients import interpolate

        partners = torch.stack([y[_partners(x, y)] for x, y in zip(real, fake, strict=True)])
        return interpolate(real, partners, streams.uniform("penalty", real.shape[1]))


def _partners(
    x: Float[Tensor, "batch *shape"], y: Float[Tensor, "batch *shape"]
) -> Int[Tensor, " batch"]:
    """Return of each x the place of the y that an optimal plan moves there, exact, Euclidean.

    Of equally many samples of equal weights a plan is a one-to-one assignment. On the host, 1 ms
    for a batch of 128, 4 to 9 ms for 256: an iteration with it has no CUDA graph.
    """
    import torch
    from scipy.optimize import linear_sum_assignment
    from scipy.spatial.distance import cdist

    rows_x, rows_y = (side.detach().flatten(1).double().numpy(force=True) for side in (x, y))
    _, partners = linear_sum_assignment(cdist(rows_x, rows_y))
    return torch.from_numpy(partners).to(x.device)
