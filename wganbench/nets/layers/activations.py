"""Activations that torch does not have, or that it does not compute alike in every stack.

torch computes the last few elements of a tensor by scalar code, which can round exponentials
otherwise than its vector code does: they are taken replica by replica.

Those of straight pieces are torch's, but for a gradient of a gradient. Their slope does not depend
on where in a piece they are, so that it has no gradient; torch has one of zeros, and takes it on
through the whole net: a sixth of a critic step with a gradient penalty.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Literal

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.autograd import Function
from torch.nn.functional import leaky_relu, relu

if TYPE_CHECKING:
    from collections.abc import Iterator

Nonlinearity = Literal["relu", "leaky-relu", "tanh", "gated"]
LEAK = 0.2  # DCGAN paper (Radford et al. 2016), section 3


_TWICE = ContextVar("differentiated twice", default=False)


@contextmanager
def differentiated_twice(*, wanted: bool = True) -> Iterator[None]:
    """Let nets that are called here be cheap to differentiate twice; once costs a little more."""
    token = _TWICE.set(wanted)
    try:
        yield
    finally:
        _TWICE.reset(token)


class ReLU(nn.ReLU):
    """torch's, see above."""

    def forward(self, input: Float[Tensor, "*any"]) -> Float[Tensor, "*any"]:  # noqa: A002
        if not _TWICE.get():
            return super().forward(input)
        output: Tensor = _Pieces.apply(input, 0.0, self.inplace)
        return output


class LeakyReLU(nn.LeakyReLU):
    """torch's, see above."""

    def forward(self, input: Float[Tensor, "*any"]) -> Float[Tensor, "*any"]:  # noqa: A002
        if not _TWICE.get():
            return super().forward(input)
        output: Tensor = _Pieces.apply(input, self.negative_slope, self.inplace)
        return output


class _Pieces(Function):
    """Both of them; a slope tells of its piece alone, and has no gradient."""

    @staticmethod
    def forward(x: Tensor, leak: float, inplace: bool) -> Tensor:
        return leaky_relu(x, leak, inplace) if leak else relu(x, inplace)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Tensor, float, bool], output: Tensor) -> None:
        x, ctx.leak, inplace = inputs
        if inplace:
            ctx.mark_dirty(x)
        ctx.save_for_backward(output)
        ctx.set_materialize_grads(False)

    @staticmethod
    def backward(ctx: Any, of_output: Tensor | None) -> tuple[Tensor | None, None, None]:
        if of_output is None:  # zeros, that autograd would take on through the net
            return None, None, None
        (output,) = ctx.saved_tensors
        piece = output.detach()  # its sign
        if ctx.leak:
            by_x = torch.ops.aten.leaky_relu_backward(of_output, piece, ctx.leak, True)
        else:
            by_x = torch.ops.aten.threshold_backward(of_output, piece, 0)
        return by_x, None, None


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
        return ReLU()
    if name == "leaky-relu":
        return LeakyReLU(LEAK)
    return Tanh() if name == "tanh" else Gate()
