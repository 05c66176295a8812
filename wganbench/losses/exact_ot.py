"""Exact optimal transport between two minibatches: W1 of the samples, without a critic's bound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wganbench.losses import Loss, distances

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from torch import Tensor


class ExactOT(Loss):
    """W1 of two minibatches of one size, along the pairs of an optimal plan.

    Its gradient is that of the cost with the plan held fixed (the envelope theorem). Between
    equally many samples of equal weight some optimal plan is an assignment, which scipy finds in
    less time than a network simplex: .01, .4 and 20 ms for 32, 128 and 512 samples in the plane.
    """

    name: Literal["exact-ot"] = "exact-ot"

    def between(
        self, fake: Float[Tensor, "replica n dim"], real: Float[Tensor, "replica n dim"]
    ) -> Float[Tensor, " replica"]:
        """Return the mean distance of coupled pairs, in the samples' unit."""
        from torch.linalg import vector_norm

        partners = coupled(distances(fake.detach(), real))
        moved = fake - real.gather(1, partners[..., None].expand_as(real))
        cost: Tensor = vector_norm(moved, dim=-1).mean(-1)
        return cost


def coupled(costs: Float[Tensor, "replica n n"]) -> Int[Tensor, "replica n"]:
    """Return which column an optimal assignment gives to each row.

    A replica whose costs are not finite has diverged: its rows keep their order.
    """
    import numpy as np
    import torch
    from scipy.optimize import linear_sum_assignment

    found = [
        linear_sum_assignment(of_replica)[1]
        if np.isfinite(of_replica).all()
        else np.arange(len(of_replica))
        for of_replica in costs.cpu().numpy()
    ]
    partners: Tensor = torch.from_numpy(np.stack(found)).to(costs.device)
    return partners
