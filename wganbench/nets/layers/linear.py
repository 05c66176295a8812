"""Linear layers over stacked replicas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from jaxtyping import Float
from torch import Tensor, nn

from wganbench.nets.layers.initial import weight_and_bias

if TYPE_CHECKING:
    from wganbench.training.streams import Streams


class Linear(nn.Module):
    """y = x W + b for each replica.

    Initialised as torch.nn.Linear is, unless a standard deviation is given (see `weight_and_bias`).
    """

    unit_axis = 2  # of the weight: the axis along which its units stand

    def __init__(
        self, streams: Streams, inputs: int, outputs: int, deviation: float | None = None
    ) -> None:
        super().__init__()
        self.weight, self.bias = weight_and_bias(
            streams, inputs, deviation, (inputs, outputs), (1, outputs)
        )

    def forward(
        self, x: Float[Tensor, "replica batch inputs"]
    ) -> Float[Tensor, "replica batch outputs"]:
        if 1 in self.weight.shape[1:]:  # see Head: no matrix product with one row or column
            return (x[..., None] * self.weight[:, None]).sum(-2) + self.bias
        return torch.baddbmm(self.bias, x, self.weight)


class Head(nn.Module):
    """One linear unit, summed element by element.

    A matrix product with one column is a matrix-vector product when there is one replica, with
    another order of summation, so that a replica's result would depend on what is stacked with it.
    """

    unit_axis = 1

    def __init__(self, streams: Streams, inputs: int, deviation: float | None = None) -> None:
        super().__init__()
        self.weight, self.bias = weight_and_bias(streams, inputs, deviation, (1, inputs), (1,))

    def forward(self, x: Float[Tensor, "replica batch inputs"]) -> Float[Tensor, "replica batch"]:
        return (x * self.weight).sum(-1) + self.bias


class Unflatten(nn.Module):
    """Gives flat outputs the shape of a sample."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.shape = shape

    def forward(
        self, x: Float[Tensor, "replica batch flat"]
    ) -> Float[Tensor, "replica batch *shape"]:
        return x.reshape(*x.shape[:2], *self.shape)
