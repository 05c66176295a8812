"""Weights that are functions of free parameters, so that a layer cannot be steep.

Each parametrisation maps the free weights of all replicas to those that the layer uses. A layer's
weight is read as a matrix, its kernel flattened; its singular values are the same transposed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, cast

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.utils import parametrize

from wganbench.nets.layers.conv import Conv
from wganbench.nets.layers.linear import Head, Linear
from wganbench.nets.layers.same_conv import SameConv

if TYPE_CHECKING:
    from wganbench.training.streams import Streams

Layer = Linear | Head | Conv | SameConv
TINY = 1e-12


def weighted_layers(net: nn.Module) -> Iterator[Layer]:
    """Yield the layers that have a weight matrix, from input to output."""
    for layer in net.modules():
        if isinstance(layer, Layer):
            yield layer


def parametrise(net: nn.Module, make: Callable[[Layer], nn.Module]) -> None:
    """Give every layer's weight the parametrisation that `make` returns for it."""
    for layer in list(weighted_layers(net)):
        parametrize.register_parametrization(layer, "weight", make(layer))


class UnitLength(nn.Module):
    """Scales each unit's incoming weights to a fixed length."""

    def __init__(self, layer: Layer, length: float) -> None:
        super().__init__()
        self.length = length
        self.axes = [axis for axis in range(1, layer.weight.ndim) if axis != layer.unit_axis]

    def forward(self, weight: Float[Tensor, "replica *weight"]) -> Float[Tensor, "replica *weight"]:
        squares = (weight**2).sum(self.axes, keepdim=True)
        return self.length * weight * torch.rsqrt(squares + TINY)


class Spectral(nn.Module):
    """Divides by the largest singular value, followed by power iteration."""

    left: Tensor
    right: Tensor

    def __init__(self, layer: Layer, streams: Streams) -> None:
        super().__init__()
        rows, columns = _matrix(layer.weight).shape[1:]
        left, right = (streams.normal("initialisation", n) for n in (rows, columns))
        self.register_buffer("left", _unit(left))
        self.register_buffer("right", _unit(right))

    def forward(self, weight: Float[Tensor, "replica *weight"]) -> Float[Tensor, "replica *weight"]:
        """Return the divided weights; the singular vectors count as constants."""
        # Copies: the next power iteration must not change what this step's gradient needs.
        left, right = self.left.clone(), self.right.clone()
        largest = (left * (_matrix(weight) * right[:, None]).sum(-1)).sum(-1)
        return weight / largest.view(-1, *[1] * (weight.ndim - 1))

    @torch.no_grad()
    def iterate(self, weight: Float[Tensor, "replica *weight"], steps: int) -> None:
        """Move the singular vectors towards those of the largest singular value."""
        matrix = _matrix(weight)
        for _ in range(steps):
            self.right.copy_(_unit((matrix * self.left[..., None]).sum(1)))
            self.left.copy_(_unit((matrix * self.right[:, None]).sum(2)))


class Bjorck(nn.Module):
    """Bjoerck's iteration towards the nearest matrix with orthonormal rows or columns.

    It starts at singular values of at most one and never leaves (0, 1]: the layer is 1-Lipschitz
    after any number of iterations.
    """

    def __init__(self, iterations: int) -> None:
        super().__init__()
        self.iterations = iterations

    def forward(self, weight: Float[Tensor, "replica *weight"]) -> Float[Tensor, "replica *weight"]:
        matrix = _matrix(weight)
        wide = matrix.shape[1] <= matrix.shape[2]
        rows = matrix if wide else matrix.transpose(1, 2)
        if rows.shape[1] == 1:  # the iteration's limit; see Head on products with one row
            rows = _unit(rows)
        else:
            absolute = rows.abs()
            bound = absolute.sum(1).amax(-1) * absolute.sum(2).amax(-1)
            rows = rows * torch.rsqrt(bound + TINY)[:, None, None]
            for _ in range(self.iterations):
                gram = torch.bmm(rows, rows.transpose(1, 2))
                rows = torch.baddbmm(rows, gram, rows, beta=1.5, alpha=-0.5)
        return (rows if wide else rows.transpose(1, 2)).reshape(weight.shape)


def iterate_spectral(net: nn.Module, steps: int) -> None:
    """Take power iterations in every layer with a spectral parametrisation."""
    for layer in weighted_layers(net):
        lists = getattr(layer, "parametrizations", None)
        if lists is not None:
            for parametrisation in lists["weight"]:
                if isinstance(parametrisation, Spectral):
                    parametrisation.iterate(cast("Tensor", lists["weight"].original), steps)


def _matrix(weight: Float[Tensor, "replica *weight"]) -> Float[Tensor, "replica rows columns"]:
    return weight.flatten(2)


def _unit(vectors: Float[Tensor, "replica *n"]) -> Float[Tensor, "replica *n"]:
    return vectors * torch.rsqrt((vectors**2).sum(-1, keepdim=True) + TINY)
