"""Optimisers: element-wise, so that a replica's step never depends on its neighbours.

The update rules are torch.optim's to the last bit (a test compares them). They are written out
because building an optimiser of torch imports its compiler, which takes longer than a small run,
because their whole state is in plain sight for a checkpoint, and because a pure update can be
differentiated through: an unrolled discriminator needs that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from wganbench.plugins import Plugin

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from torch import Tensor
    from torch.nn import Parameter

LearningRate = Annotated[
    float, Field(gt=0, le=1e3, description="Learning rate.", json_schema_extra={"slug": "lr"})
]
Momentum = Annotated[
    float, Field(ge=0, lt=1, description="Momentum.", json_schema_extra={"slug": "momentum"})
]
EPSILON = 1e-8  # torch's default for RMSProp and Adam

Slots = dict[str, "Tensor"]
"""What an optimiser remembers of one parameter, each of the parameter's shape."""


class Optimizer(Plugin):
    """A named optimiser with the settings that the papers vary."""

    lr: LearningRate

    def update(
        self, parameter: Tensor, gradient: Tensor, slots: Slots, step: int
    ) -> tuple[Tensor, Slots]:
        """Return the next parameter and slots; pure, and differentiable in all three tensors.

        Args:
            parameter: of any shape.
            gradient: of the same shape.
            slots: those that the last update returned, empty before the first.
            step: which update it is, from 1.
        """
        raise NotImplementedError


class OptimizerState:
    """An optimiser at work on a list of parameters."""

    def __init__(self, optimizer: Optimizer, parameters: Iterable[Parameter]) -> None:
        self.optimizer = optimizer
        self.parameters = list(parameters)
        self.slots: list[Slots] = [{} for _ in self.parameters]
        self.steps = 0

    def step(self, gradients: Sequence[Tensor]) -> None:
        """Take one step along the gradients, one for each parameter."""
        self.steps += 1
        for place, (parameter, gradient) in enumerate(zip(self.parameters, gradients, strict=True)):
            parameter.data, self.slots[place] = self.optimizer.update(
                parameter.data, gradient, self.slots[place], self.steps
            )

    def tensors(self) -> dict[str, Tensor]:
        """Return the slots, named by their parameter's place and their own name."""
        return {
            f"{place}.{name}": tensor
            for place, slots in enumerate(self.slots)
            for name, tensor in slots.items()
        }

    def restore(self, steps: int, tensors: dict[str, Tensor]) -> None:
        """Go to where the tensors were taken, after so many steps."""
        self.steps = steps
        self.slots = [{} for _ in self.parameters]
        for key, tensor in tensors.items():
            place, _, name = key.partition(".")
            self.slots[int(place)][name] = tensor.to(self.parameters[int(place)].device)
