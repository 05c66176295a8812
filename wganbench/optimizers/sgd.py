"""Stochastic gradient descent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from wganbench.optimizers import Momentum, Optimizer, Slots

if TYPE_CHECKING:
    from torch import Tensor


class SGD(Optimizer):
    """Stochastic gradient descent, with heavy-ball momentum if any."""

    name: Literal["sgd"] = "sgd"
    momentum: Momentum = 0.0

    def update(
        self, parameter: Tensor, gradient: Tensor, slots: Slots, step: int | Tensor
    ) -> tuple[Tensor, Slots]:
        """Return parameter - lr * velocity; without momentum the velocity is the gradient."""
        if not self.momentum:
            return parameter.add_(gradient, alpha=-self.lr), {}
        velocity = slots["velocity"].mul_(self.momentum).add_(gradient) if slots else gradient
        return parameter.add_(velocity, alpha=-self.lr), {"velocity": velocity}
