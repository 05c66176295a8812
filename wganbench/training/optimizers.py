"""Optimisers: element-wise, so that a replica's step never depends on its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wganbench.plan.plugins import Plugin

if TYPE_CHECKING:
    from collections.abc import Iterable

    import torch
    from torch.nn import Parameter

LearningRate = Annotated[
    float, Field(gt=0, le=1e3, description="Learning rate.", json_schema_extra={"slug": "lr"})
]
Momentum = Annotated[
    float, Field(ge=0, lt=1, description="Momentum.", json_schema_extra={"slug": "momentum"})
]


class Optimizer(Plugin):
    """A named optimiser of torch with the settings that the papers vary."""

    lr: LearningRate

    def build(self, parameters: Iterable[Parameter]) -> torch.optim.Optimizer:
        """Return torch's optimiser over stacked parameters."""
        raise NotImplementedError


class SGD(Optimizer):
    """Stochastic gradient descent."""

    name: Literal["sgd"] = "sgd"
    momentum: Momentum = 0.0

    def build(self, parameters: Iterable[Parameter]) -> torch.optim.Optimizer:
        """Return torch.optim.SGD."""
        from torch.optim import SGD

        return SGD(parameters, lr=self.lr, momentum=self.momentum)


class RMSProp(Optimizer):
    """RMSProp as [WGAN] uses it: no momentum."""

    name: Literal["rmsprop"] = "rmsprop"
    alpha: Annotated[float, Field(ge=0, lt=1, description="Smoothing (torch's default).")] = 0.99
    momentum: Momentum = 0.0

    def build(self, parameters: Iterable[Parameter]) -> torch.optim.Optimizer:
        """Return torch.optim.RMSprop."""
        from torch.optim import RMSprop

        return RMSprop(parameters, lr=self.lr, alpha=self.alpha, momentum=self.momentum)


class Adam(Optimizer):
    """Adam as [GP] uses it."""

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

    def build(self, parameters: Iterable[Parameter]) -> torch.optim.Optimizer:
        """Return torch.optim.Adam."""
        from torch.optim import Adam

        return Adam(parameters, lr=self.lr, betas=(self.beta1, self.beta2))
