"""Functions of a critic's value in forms that are finite wherever a number can hold the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

FAR = 30.0  # from here on exp(-v) is nothing beside 1 in double precision
NEWTON_STEPS = 8  # bring every value below to double precision, as a test shows


def log_sigmoid(v: Float[Tensor, "*any"]) -> Float[Tensor, "*any"]:
    """Return -log(1 + exp(-v))."""
    from torch.nn.functional import softplus

    return -softplus(-v)


def log_of_minus_log_sigmoid(v: Float[Tensor, "*any"]) -> Float[Tensor, "*any"]:
    """Return log(log(1 + exp(-v))), which is -v where 1 + exp(-v) rounds to 1."""
    near = v.clamp(max=FAR)
    return (-log_sigmoid(near)).log() - (v - near)


def log_rest(v: Float[Tensor, "*any"], power: float) -> Float[Tensor, "*any"]:
    """Return log(1 - sigmoid(v)^power), which is log(power) - v where the sigmoid rounds to 1."""
    near = v.clamp(max=FAR)
    return (-(power * log_sigmoid(near)).expm1()).log() - (v - near)


def log_lambert(y: Float[Tensor, "*any"]) -> Float[Tensor, "*any"]:
    """Return log W(exp(y)), Lambert's function: the s with exp(s) + s = y. It has no gradient.

    Newton's method on a convex, growing function, from above: it falls to the root and never below.
    """
    y = y.detach()
    s = y.where(y < 1, y.clamp(min=1).log())
    for _ in range(NEWTON_STEPS):
        w = s.exp()
        s = s - (w + s - y) / (w + 1)
    return s
