"""RMSProp (Tieleman and Hinton 2012)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wganbench.optimizers import EPSILON, Momentum, Optimizer, Slots

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
        zero = gradient if slots else gradient.new_zeros(gradient.shape)
        square = slots.get("square", zero).mul(self.alpha)
        square = square.addcmul_(gradient, gradient, value=1 - self.alpha)
        scale = square.sqrt().add(EPSILON)
        if not self.momentum:
            return parameter.addcdiv(gradient, scale, value=-self.lr), {"square": square}
        velocity = slots.get("velocity", zero).mul(self.momentum).addcdiv_(gradient, scale)
        return parameter.add(velocity, alpha=-self.lr), {"square": square, "velocity": velocity}
