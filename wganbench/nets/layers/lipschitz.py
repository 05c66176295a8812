"""An upper bound of a critic's Lipschitz constant that holds whatever the samples."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import torch
from jaxtyping import Float
from torch import Tensor

from wganbench.nets.layers.linear import Head, Linear

if TYPE_CHECKING:
    from torch.nn import Module


@torch.no_grad()
def product_of_norms(stack: Module) -> Float[Tensor, " replica"]:
    """Return the product of the exact spectral norms of a stack's linear layers.

    It bounds the stack's Lipschitz constant if every other layer has one of at most 1, as ReLU and
    GroupSort have; of a net that is not one layer after another it bounds nothing.
    """
    layers = [layer for layer in stack.children() if isinstance(layer, Linear | Head)]
    norms = [_spectral_norm(layer.weight) for layer in layers]
    return prod(norms[1:], start=norms[0])


def _spectral_norm(weight: Float[Tensor, "replica *matrix"]) -> Float[Tensor, " replica"]:
    finite = weight.isfinite().flatten(1).all(1)
    known = weight.nan_to_num(0.0, 0.0, 0.0)  # a diverged replica has no norm
    norm: Tensor = torch.linalg.matrix_norm(known, ord=2)
    return norm.where(finite, torch.nan)
