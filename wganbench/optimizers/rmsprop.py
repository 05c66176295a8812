"""RMSProp (Tieleman and Hinton 2012)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wganbench.optimizers import EPSILON, Momentum, Optimizer, Slots, at, root

if TYPE_CHECKING:
    from torch import Tensor


class RMSProp(Optimizer):
    """RMSProp (Tieleman and Hinton 2012) as [WGAN] uses it: no momentum."""

    name: Literal["rmsprop"] = "rmsprop"
    alpha: Annotated[float, Field(ge=0, lt=1, description="Smoothing (torch's default).")] = 0.99
    momentum: Momentum = 0.0

    def update(
        self, parameter: Tensor, gradient: Tensor, slots: Slots, step: int | Tensor
    ) -> tuple[Tensor, Slots]:
        """Return parameter - lr * gradient over the root of its mean square, or its velocity."""
        square = at(slots, "square", gradient)
        square.mul_(self.alpha).addcmul_(gradient, gradient, value=1 - self.alpha)
        scale = root(square)  # which its own gradient needs
        scale = scale + EPSILON if scale.requires_grad else scale.add_(EPSILON)
        if not self.momentum:
            return parameter.addcdiv_(gradient, scale, value=-self.lr), {"square": square}
        velocity = at(slots, "velocity", gradient).mul_(self.momentum).addcdiv_(gradient, scale)
        return parameter.add_(velocity, alpha=-self.lr), {"square": square, "velocity": velocity}
