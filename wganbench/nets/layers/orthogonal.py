"""Orthogonal initial weights (Saxe et al. 2014), as in [UGAN]'s code: the biases are zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import torch
from jaxtyping import Float
from torch import Tensor

from wganbench.nets.layers.linear import Head, Linear

if TYPE_CHECKING:
    from wganbench.training.streams import Streams

Layer = TypeVar("Layer", Linear, Head)


def orthogonal(layer: Layer, streams: Streams, gain: float) -> Layer:
    """Give a layer weights with orthonormal rows or columns, whichever are fewer, times `gain`."""
    rows, columns = layer.weight.shape[1:]
    drawn = streams.normal("initialisation", max(rows, columns), min(rows, columns))
    weights = torch.stack([_orthonormal(matrix) for matrix in drawn])
    layer.weight.data = gain * (weights if rows >= columns else weights.transpose(1, 2))
    return layer


def _orthonormal(matrix: Float[Tensor, "long short"]) -> Float[Tensor, "long short"]:
    """Return orthonormal columns, uniform over all such: R's diagonal is made positive."""
    q, r = torch.linalg.qr(matrix)
    found: Tensor = q * r.diagonal().sign()
    return found
