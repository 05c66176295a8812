"""The eleven f-divergences of [fGAN] (Nowozin, Cseke, Tomioka 2016), tables 1, 2 and 6.

D_f(P || Q) = integral q f(p / q) = sup E_P T - E_Q f*(T), at best by T = f'(p / q) (equations 2 and
4), and a critic's value V becomes T = g_f(V). Every g_f here grows with V: a large V says real, as
a discriminator's logit does; where a printed one falls (as -exp(V) would), -V stands for V, which
leaves its range. f*(g_f(V)) is one formula: exp of a log would overflow long before their product.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, log
from typing import TYPE_CHECKING, Literal

import numpy as np

from wganbench.objectives.divergences import stable

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

Name = Literal[
    "total-variation", "kl", "reverse-kl", "pearson", "neyman", "squared-hellinger", "jeffrey",
    "js", "weighted-js", "gan", "alpha",
]  # fmt: skip


@dataclass(frozen=True)
class Divergence:
    """A row of the tables; u is the ratio p / q > 0, v a critic's value, both of any shape."""

    name: str
    short: str
    bound: float
    """Its largest value, f(0) + lim f(u) / u, where P and Q do not meet."""
    f: Callable[[Float[np.ndarray, "*any"]], Float[np.ndarray, "*any"]]
    activation: Callable[[Float[Tensor, "*any"]], Float[Tensor, "*any"]]
    """T = g_f(v), in the domain of f*."""
    conjugate: Callable[[Float[Tensor, "*any"]], Float[Tensor, "*any"]]
    """f*(g_f(v))."""
    unit: str = "nats"


def named(name: Name, alpha: float = 0.5, pi: float = 0.5) -> Divergence:
    """Return a divergence; alpha and pi are those of `alpha` and `weighted-js` alone."""
    if name == "alpha":
        return _alpha(alpha)
    return _weighted(pi) if name == "weighted-js" else _FIXED[name]


def _alpha(alpha: float) -> Divergence:
    """Return the alpha-divergence, alpha neither 0 nor 1: towards these it is (reverse) KL.

    For alpha > 1 table 6's f* holds where 1 + (alpha - 1) t > 0; below, u = 0 is best: f* = -f(0).
    """
    power = alpha / (alpha - 1)
    below = alpha < 1
    return Divergence(
        f"alpha-divergence, alpha = {alpha:g}",
        f"alpha {alpha:g}",
        1 / (alpha * (1 - alpha)) if 0 < alpha < 1 else inf,
        f=lambda u: (u**alpha - 1 - alpha * (u - 1)) / (alpha * (alpha - 1)),
        activation=lambda v: 1 / (1 - alpha) + stable.log_sigmoid(v) if below else v,
        conjugate=lambda v: (
            (power * (log(1 - alpha) + stable.log_of_minus_log_sigmoid(v))).exp() / alpha
            - 1 / alpha
            if below
            else ((1 + (alpha - 1) * v).clamp(min=0) ** power - 1) / alpha
        ),
        unit="",
    )


def _weighted(pi: float) -> Divergence:
    """Return the Jensen-Shannon divergence to the mixture pi P + (1 - pi) Q, 0 < pi < 1."""
    rest = 1 - pi
    return Divergence(
        f"weighted Jensen-Shannon divergence, pi = {pi:g}",
        f"JS {pi:g}",
        -pi * log(pi) - rest * log(rest),
        f=lambda u: pi * u * np.log(u) - (rest + pi * u) * np.log(rest + pi * u),
        activation=lambda v: stable.log_sigmoid(v) - pi * log(pi),
        conjugate=lambda v: rest * (log(rest) - stable.log_rest(v, 1 / pi)),
    )


def _jeffrey_conjugate(v: Float[Tensor, "*any"]) -> Float[Tensor, "*any"]:
    """Return W + 1/W + v - 2 for Lambert's W = W(exp(1 - v)), which is 1 / u at f'(u) = v.

    In u it is u - 1 + log u, and its derivative in v is u, as for every conjugate.
    """
    s = stable.log_lambert(1 - v)
    return (-s).expm1() - s + (-s).exp() * (v - v.detach())


_FIXED = {
    "total-variation": Divergence(
        "total variation distance", "TV", 1.0,
        f=lambda u: np.abs(u - 1) / 2,
        activation=lambda v: v.tanh() / 2,
        conjugate=lambda v: v.tanh() / 2,
        unit="",
    ),
    "kl": Divergence(
        "Kullback-Leibler divergence", "KL", inf,
        f=lambda u: u * np.log(u),
        activation=lambda v: v,
        conjugate=lambda v: (v - 1).exp(),
    ),
    "reverse-kl": Divergence(
        "reverse Kullback-Leibler divergence", "reverse KL", inf,
        f=lambda u: -np.log(u),
        activation=lambda v: -(-v).exp(),
        conjugate=lambda v: v - 1,
    ),
    "pearson": Divergence(
        "Pearson chi-squared divergence", "Pearson", inf,
        f=lambda u: (u - 1) ** 2,
        activation=lambda v: v,
        conjugate=lambda v: v**2 / 4 + v,
        unit="",
    ),
    "neyman": Divergence(
        "Neyman chi-squared divergence", "Neyman", inf,
        f=lambda u: (1 - u) ** 2 / u,
        activation=lambda v: -(-v).expm1(),
        conjugate=lambda v: -2 * (-v / 2).expm1(),
        unit="",
    ),
    "squared-hellinger": Divergence(
        "squared Hellinger distance", "Hellinger", 2.0,
        f=lambda u: (np.sqrt(u) - 1) ** 2,
        activation=lambda v: -(-v).expm1(),
        conjugate=lambda v: v.expm1(),
        unit="",
    ),
    "jeffrey": Divergence(
        "Jeffrey divergence", "Jeffrey", inf,
        f=lambda u: (u - 1) * np.log(u),
        activation=lambda v: v,
        conjugate=_jeffrey_conjugate,
    ),
    "js": Divergence(
        "doubled Jensen-Shannon divergence", "2 JS", 2 * log(2),
        f=lambda u: u * np.log(u) - (u + 1) * np.log((u + 1) / 2),
        activation=lambda v: log(2) + stable.log_sigmoid(v),
        conjugate=lambda v: -stable.log_sigmoid(-v) - log(2),
    ),
    "gan": Divergence(
        "doubled Jensen-Shannon divergence, less log 4", "2 JS - log 4", 0.0,
        f=lambda u: u * np.log(u) - (u + 1) * np.log(u + 1),
        activation=stable.log_sigmoid,
        conjugate=lambda v: -stable.log_sigmoid(-v),
    ),
}  # fmt: skip
