"""Divergences between densities on the line, integrated: exactly, or by quadrature.

Natural logarithm throughout, so Jensen-Shannon is at most log 2. Two `PiecewiseConstant` densities
are integrated exactly; other densities, given as functions of a number, by adaptive quadrature on
a stated support.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike
from scipy.integrate import IntegrationWarning, quad
from scipy.special import rel_entr

from wganbench.transport.piecewise import PiecewiseConstant, common_refinement

Density: TypeAlias = PiecewiseConstant | Callable[[float], float]
Heights: TypeAlias = Float[np.ndarray, "..."]
Integrand: TypeAlias = Callable[[Heights, Heights], Heights]
"""The divergence's density at points where the two densities have these heights."""

_QUADRATURE_TOLERANCE = 1e-10
_MASS_TOLERANCE = 1e-6
_NEGLIGIBLE_MASS = 1e-12


def jensen_shannon(p: Density, q: Density, support: Sequence[float] | None = None) -> float:
    """JS(p, q), between 0 and log 2. Arguments and errors: see `divergence`."""
    return divergence(_jensen_shannon, p, q, support)


def kullback_leibler(p: Density, q: Density, support: Sequence[float] | None = None) -> float:
    """KL(p || q), infinite where p has mass that q lacks. Arguments and errors: `divergence`."""
    return divergence(rel_entr, p, q, support)


def total_variation(p: Density, q: Density, support: Sequence[float] | None = None) -> float:
    """Half the L1 distance, between 0 and 1. Arguments and errors: see `divergence`."""
    return divergence(_total_variation, p, q, support)


def minimax_criterion(p: Density, q: Density, support: Sequence[float] | None = None) -> float:
    """Goodfellow's criterion E_p log D + E_q log(1 - D) at its best D: 2 JS(p, q) - log 4."""
    return 2.0 * jensen_shannon(p, q, support) - float(np.log(4.0))


def optimal_discriminator(p_heights: ArrayLike, q_heights: ArrayLike) -> Heights:
    """D* = p / (p + q), and 1/2 where neither density reaches and any D is as good.

    Raises:
        ValueError: a height is negative or NaN.
    """
    p, q = np.asarray(p_heights, dtype=np.float64), np.asarray(q_heights, dtype=np.float64)
    if not ((p >= 0).all() and (q >= 0).all()):
        raise ValueError("a density is nowhere negative or NaN")
    total = p + q
    return np.asarray(np.divide(p, total, out=np.full(total.shape, 0.5), where=total > 0))


def divergence(
    integrand: Integrand, p: Density, q: Density, support: Sequence[float] | None = None
) -> float:
    """The integral over the line of integrand(p(x), q(x)).

    Args:
        integrand: vectorised, and zero where both heights are.
        p: a density.
        q: another. Exact if both are `PiecewiseConstant`, else by quadrature.
        support: for quadrature, increasing points: the ends (-inf and inf allowed) and, between
            them, where the densities are peaked or not smooth. Tails that underflow to 0 are
            left out as long as they carry less than 1e-12 of mass; beyond that the result is
            infinite, as for true zeros: a function cannot tell the two apart.

    Raises:
        ValueError: support missing or unneeded, not increasing, or not holding the mass of both.
        ArithmeticError: the quadrature did not converge to 1e-10 (absolute or relative).
    """
    if isinstance(p, PiecewiseConstant) and isinstance(q, PiecewiseConstant):
        if support is not None:
            raise ValueError("piecewise-constant densities carry their support: give none")
        edges, p_heights, q_heights = common_refinement(p, q)
        return float((integrand(p_heights, q_heights) * np.diff(edges)).sum())
    if support is None:
        raise ValueError("densities given as functions need a support to integrate over")
    return _quadrature(integrand, _heights(p), _heights(q), support)


def _jensen_shannon(p: Heights, q: Heights) -> Heights:
    # Doubled instead of halved: half of the smallest subnormal is zero, and its entropy infinite.
    return np.asarray((rel_entr(2 * p, p + q) + rel_entr(2 * q, p + q)) / 4)


def _total_variation(p: Heights, q: Heights) -> Heights:
    return np.asarray(np.abs(p - q) / 2)


def _heights(density: Density) -> Callable[[float], Heights]:
    function = density.density if isinstance(density, PiecewiseConstant) else density
    return lambda x: np.asarray(function(x), dtype=np.float64)


def _quadrature(
    integrand: Integrand,
    p: Callable[[float], Heights],
    q: Callable[[float], Heights],
    support: Sequence[float],
) -> float:
    if len(support) < 2 or not all(left < right for left, right in pairwise(support)):
        raise ValueError(f"support must be two or more increasing points, got {list(support)}")
    _check_mass("p", p, support)
    _check_mass("q", q, support)

    def mass_at_infinity(x: float) -> float:
        return float(p(x) + q(x)) if integrand(p(x), q(x)) == np.inf else 0.0

    def finite_part(x: float) -> float:
        value = float(integrand(p(x), q(x)))
        return value if value < np.inf else 0.0

    if _integral(mass_at_infinity, support, strict=False) > _NEGLIGIBLE_MASS:
        return float("inf")
    return _integral(finite_part, support)


def _check_mass(name: str, density: Callable[[float], Heights], support: Sequence[float]) -> None:
    mass = _integral(lambda x: float(density(x)), support)
    if not abs(mass - 1.0) <= _MASS_TOLERANCE:
        raise ValueError(f"density {name} has mass {mass:.9g} on the support, not 1")


def _integral(
    function: Callable[[float], float], support: Sequence[float], *, strict: bool = True
) -> float:
    """The integral over the whole support; unless strict, its order of magnitude will do."""
    total = 0.0
    for left, right in pairwise(support):
        with warnings.catch_warnings():
            warnings.simplefilter("error" if strict else "ignore", IntegrationWarning)
            try:
                part, _ = quad(
                    function,
                    left,
                    right,
                    epsabs=_QUADRATURE_TOLERANCE,
                    epsrel=_QUADRATURE_TOLERANCE,
                    limit=500,
                )
            except IntegrationWarning as warning:
                reason = " ".join(str(warning).split())
                raise ArithmeticError(
                    f"quadrature on [{left}, {right}]: {reason} Add the points where the densities "
                    "are peaked or jump to the support"
                ) from warning
        total += part
    return total
