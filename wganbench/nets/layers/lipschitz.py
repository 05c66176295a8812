"""An upper bound of a critic's Lipschitz constant that holds whatever the samples."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

from wganbench.nets.layers.activations import GroupSort
from wganbench.nets.layers.linear import Head, Linear

# Layers that never lengthen a difference.
_SHORT = (nn.Flatten, nn.ReLU, GroupSort)


@torch.no_grad()
def lipschitz_bound(critic: nn.Module) -> Float[Tensor, " replica"] | None:
    """Return the product of the layers' exact spectral norms for each replica.

    None where it is unknown: for convolutions, and for normalisations, which have no bound.
    """
    bound: Tensor | None = None
    for layer in critic.children():
        if isinstance(layer, Linear | Head):
            finite = layer.weight.isfinite().flatten(1).all(1)
            weight = layer.weight.nan_to_num(0.0, 0.0, 0.0)  # a diverged replica has no norm
            norm = torch.linalg.matrix_norm(weight, ord=2).where(finite, torch.nan)
            bound = norm if bound is None else bound * norm
        elif not isinstance(layer, _SHORT):
            return None
    return bound
