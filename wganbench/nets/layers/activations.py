"""Activations that torch does not have, or that it does not compute alike in every stack.

torch computes the last few elements of a tensor by scalar code, which can round exponentials
otherwise than its vector code does: they are taken replica by replica.
"""

from __future__ import annotations

from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn

Nonlinearity = Literal["relu", "leaky-relu", "tanh", "gated"]
LEAK = 0.2  # DCGAN paper (Radford et al. 2016), section 3


class GroupSort(nn.Module):
    """Sorts each pair of neighbouring units (Anil, Lucas, Grosse 2019: GroupSort2, "MaxMin").

    It is 1-Lipschitz and keeps the gradient's norm, as its Jacobian is a permutation.
    """

    def forward(self, x: Float[Tensor, "*batch units"]) -> Float[Tensor, "*batch units"]:
        """Return the larger of each pair, then the smaller of each."""
        first, second = x[..., 0::2], x[..., 1::2]
        return torch.cat([torch.maximum(first, second), torch.minimum(first, second)], dim=-1)


class Tanh(nn.Module):
    """The hyperbolic tangent."""

    def forward(self, x: Float[Tensor, "replica *any"]) -> Float[Tensor, "replica *any"]:
        return torch.stack([values.tanh() for values in x])


class Scale(nn.Module):
    """Multiplication by a constant."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Float[Tensor, "*any"]) -> Float[Tensor, "*any"]:
        return self.factor * x


class Gate(nn.Module):
    """The gated multiplicative unit sigmoid(a) tanh(b) of pairs (a, b) of neighbouring features.

    Van den Oord et al. 2016 (PixelCNN decoders), section 2.1; it halves the features.
    """

    def forward(
        self, x: Float[Tensor, "replica batch features *map"]
    ) -> Float[Tensor, "replica batch half *map"]:
        gates = [values[:, 0::2].sigmoid() * values[:, 1::2].tanh() for values in x]
        return torch.stack(gates)


def nonlinearity(name: Nonlinearity) -> nn.Module:
    """Return the activation of this name; `gated` takes two features for each that it gives."""
    if name == "relu":
        return nn.ReLU()
    if name == "leaky-relu":
        return nn.LeakyReLU(LEAK)
    return Tanh() if name == "tanh" else Gate()
