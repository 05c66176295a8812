"""Minibatch discrimination (Salimans et al. 2016, arXiv 1606.03498, section 3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from jaxtyping import Float
from torch import Tensor, nn

from wganbench.nets.layers.linear import Linear

if TYPE_CHECKING:
    from wganbench.training.streams import Streams


class Closeness(nn.Module):
    """Appends o(x_i)_b = sum over j of exp(-|M_i,b - M_j,b|_1), with M = x T.

    It grows with the batch, so that values of batches of unlike size do not compare; evaluations
    take chunks of about the training's. The term of j = i, always 1, is left out: the bias behind
    it says the same.
    """

    def __init__(self, streams: Streams, inputs: int, kernels: int, kernel_dim: int) -> None:
        super().__init__()
        self.project = Linear(streams, inputs, kernels * kernel_dim)  # its bias cancels
        self.kernels = kernels

    def forward(
        self, x: Float[Tensor, "replica batch features"]
    ) -> Float[Tensor, "replica batch features+kernels"]:
        m = self.project(x).unflatten(-1, (self.kernels, -1))
        # Replica by replica, as it has exponentials: see layers/activations.py.
        beside = torch.stack([_closeness(of_replica) for of_replica in m])
        return torch.cat([x, beside], dim=-1)


def _closeness(m: Float[Tensor, "batch kernel dim"]) -> Float[Tensor, "batch kernel"]:
    rows = m.transpose(0, 1).contiguous()
    return (-torch.cdist(rows, rows, p=1)).exp().sum(1).T - 1
