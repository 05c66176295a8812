"""Optimisers: element-wise, so that a replica's step never depends on its neighbours.

The update rules are torch.optim's to the last bit (a test compares them). They are written out
because building an optimiser of torch imports its compiler, which takes longer than a small run,
and because their whole state is in plain sight for a checkpoint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

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
EPSILON = 1e-8  # torch's default for both


class Optimizer(Plugin):
    """A named optimiser with the settings that the papers vary."""

    lr: LearningRate

    def build(self, parameters: Iterable[Parameter]) -> Descent:
        """Return the descent of these parameters from the optimiser's initial state."""
        return Descent(self, list(parameters))

    def update(
        self, parameter: Tensor, gradient: Tensor, state: dict[str, Tensor], step: int
    ) -> None:
        """Move a parameter and its state, in place; `step` counts from 1, when state is empty."""
        raise NotImplementedError


class Descent:
    """An optimiser at work on a list of parameters."""

    def __init__(self, optimizer: Optimizer, parameters: list[Parameter]) -> None:
        self.optimizer = optimizer
        self.parameters = parameters
        self.states: list[dict[str, Tensor]] = [{} for _ in parameters]
        self.steps = 0

    def step(self, gradients: Sequence[Tensor]) -> None:
        """Take one step along the gradients, one for each parameter."""
        self.steps += 1
        for parameter, gradient, state in zip(self.parameters, gradients, self.states, strict=True):
            self.optimizer.update(parameter.data, gradient, state, self.steps)

    def state(self) -> dict[str, Tensor]:
        """Return the optimiser's tensors, named by their parameter's place and their own name."""
        return {
            f"{place}.{name}": tensor
            for place, state in enumerate(self.states)
            for name, tensor in state.items()
        }

    def restore(self, steps: int, tensors: dict[str, Tensor]) -> None:
        """Go to where the state was taken, after so many steps."""
        self.steps = steps
        self.states = [{} for _ in self.parameters]
        for key, tensor in tensors.items():
            place, _, name = key.partition(".")
            self.states[int(place)][name] = tensor.to(self.parameters[int(place)].device)


class SGD(Optimizer):
    """Stochastic gradient descent, with heavy-ball momentum if any."""

    name: Literal["sgd"] = "sgd"
    momentum: Momentum = 0.0

    def update(
        self, parameter: Tensor, gradient: Tensor, state: dict[str, Tensor], step: int
    ) -> None:
        """Take the step."""
        if self.momentum:
            if step == 1:
                state["velocity"] = gradient.clone()
            else:
                state["velocity"].mul_(self.momentum).add_(gradient)
            gradient = state["velocity"]
        parameter.add_(gradient, alpha=-self.lr)


class RMSProp(Optimizer):
    """RMSProp (Tieleman and Hinton 2012) as [WGAN] uses it: no momentum."""

    name: Literal["rmsprop"] = "rmsprop"
    alpha: Annotated[float, Field(ge=0, lt=1, description="Smoothing (torch's default).")] = 0.99
    momentum: Momentum = 0.0

    def update(
        self, parameter: Tensor, gradient: Tensor, state: dict[str, Tensor], step: int
    ) -> None:
        """Take the step."""
        if step == 1:
            state |= {"square": gradient.new_zeros(gradient.shape)}
            state |= {"velocity": gradient.new_zeros(gradient.shape)} if self.momentum else {}
        state["square"].mul_(self.alpha).addcmul_(gradient, gradient, value=1 - self.alpha)
        scale = state["square"].sqrt().add_(EPSILON)
        if self.momentum:
            state["velocity"].mul_(self.momentum).addcdiv_(gradient, scale)
            parameter.add_(state["velocity"], alpha=-self.lr)
        else:
            parameter.addcdiv_(gradient, scale, value=-self.lr)


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
        self, parameter: Tensor, gradient: Tensor, state: dict[str, Tensor], step: int
    ) -> None:
        """Take the step, with the moments' bias corrected."""
        if step == 1:
            state |= {moment: gradient.new_zeros(gradient.shape) for moment in ("mean", "square")}
        state["mean"].lerp_(gradient, 1 - self.beta1)
        state["square"].mul_(self.beta2).addcmul_(gradient, gradient, value=1 - self.beta2)
        rate = self.lr / (1 - self.beta1**step)
        scale = (state["square"].sqrt() / (1 - self.beta2**step) ** 0.5).add_(EPSILON)
        parameter.addcdiv_(state["mean"], scale, value=-rate)
