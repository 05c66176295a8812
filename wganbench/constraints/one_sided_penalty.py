"""One-sided gradient penalty, "LP" (Petzka et al. 2018; [GP] section 4 tries it too)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wganbench.constraints.gradient_penalty import GradientNormPenalty

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor


class OneSidedPenalty(GradientNormPenalty):
    """Costs max(0, norm - 1)^2: only a critic that is too steep pays."""

    name: Literal["one-sided-penalty"] = "one-sided-penalty"

    def cost(self, norm: Float[Tensor, "replica batch"]) -> Float[Tensor, "replica batch"]:
        return (norm - 1).clamp(min=0) ** 2
