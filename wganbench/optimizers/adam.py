"""Adam (Kingma and Ba 2015)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wganbench.optimizers import EPSILON, Optimizer, Slots, at, root

if TYPE_CHECKING:
    from torch import Tensor


class Adam(Optimizer):
    """Adam (Kingma and Ba 2015, algorithm 1) as [GP] uses it."""

    name: Literal["adam"] = "adam"
    beta1: Annotated[
        float,
        Field(
            ge=0,
            lt=1,
            description="Momentum: decay of the first moment.",
            json_schema_extra={"slug": "beta1-"},
        ),
    ] = 0.9
    beta2: Annotated[float, Field(ge=0, lt=1, description="Decay of the second moment.")] = 0.999

    def update(
        self, parameter: Tensor, gradient: Tensor, slots: Slots, step: int | Tensor
    ) -> tuple[Tensor, Slots]:
        """Return parameter - rate * mean over the root of the mean square, bias corrected."""
        mean, square = (at(slots, name, gradient) for name in ("mean", "square"))
        mean.lerp_(gradient, 1 - self.beta1)
        square.mul_(self.beta2).addcmul_(gradient, gradient, value=1 - self.beta2)
        scale = (root(square) / (1 - self.beta2**step) ** 0.5).add_(EPSILON)
        slots = {"mean": mean, "square": square}
        bias = 1 - self.beta1**step
        if isinstance(bias, float):
            return parameter.addcdiv_(mean, scale, value=-(self.lr / bias)), slots
        return parameter.addcdiv_(mean, scale * bias, value=-self.lr), slots
