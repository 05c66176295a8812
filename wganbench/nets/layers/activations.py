"""Activations that torch does not have."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn


class GroupSort(nn.Module):
    """Sorts each pair of neighbouring units (Anil, Lucas, Grosse 2019: GroupSort2, "MaxMin").

    It is 1-Lipschitz and keeps the gradient's norm, as its Jacobian is a permutation.
    """

    def forward(self, x: Float[Tensor, "*batch units"]) -> Float[Tensor, "*batch units"]:
        """Return the larger of each pair, then the smaller of each."""
        first, second = x[..., 0::2], x[..., 1::2]
        return torch.cat([torch.maximum(first, second), torch.minimum(first, second)], dim=-1)
