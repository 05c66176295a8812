"""What a generator can go down without a critic: distances of two samples, one module each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wganbench.plugins import Plugin

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


class Loss(Plugin):
    """A distance between a generated and a real sample; its gradient moves the generated one."""

    def between(
        self, fake: Float[Tensor, "replica n dim"], real: Float[Tensor, "replica m dim"]
    ) -> Float[Tensor, " replica"]:
        """Return the distance of each replica's samples, differentiable in the generated ones.

        It is not finite where a sample is not.
        """
        raise NotImplementedError


def distances(
    x: Float[Tensor, "*replica n dim"], y: Float[Tensor, "*replica m dim"]
) -> Float[Tensor, "*replica n m"]:
    """Return all Euclidean distances, from differences: no cancellation between near points.

    The gradient of a distance of 0 is 0.
    """
    from torch import cdist

    found: Tensor = cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist")
    return found
