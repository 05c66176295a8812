"""The smooth nonlinearity of [GP]'s random architectures.

Apart from `activations`, which nearly all nets import: their results would become stale with it.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import softplus


class ShiftedSoftplus(nn.Module):
    """softplus(2x + 2) / 2 - 1: near ELU, but smooth ([GP] table 1 and appendix D)."""

    def forward(self, x: Float[Tensor, "replica *any"]) -> Float[Tensor, "replica *any"]:
        """Return it replica by replica, as `activations` takes all exponentials."""
        return torch.stack([softplus(2 * values + 2) / 2 - 1 for values in x])
