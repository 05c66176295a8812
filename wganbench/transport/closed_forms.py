"""Distances known in closed form: what every estimator is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy.typing import ArrayLike

# A covariance estimated or multiplied in float64 is symmetric and positive to about 1e-12.
_COVARIANCE_TOLERANCE = 1e-10


@dataclass(frozen=True)
class ParallelLines:
    """Distances between P0 = (0, Z) and Ptheta = (theta, Z), Z uniform on [0, 1]."""

    w1: float
    js: float
    kl: float
    """KL(P0 || Ptheta), natural logarithm like `js`."""
    reverse_kl: float
    tv: float


def parallel_lines(theta: float) -> ParallelLines:
    """[WGAN] example 1: only W1 depends continuously on theta.

    Raises:
        ValueError: theta is not finite.
    """
    if not np.isfinite(theta):
        raise ValueError(f"theta must be finite, got {theta}")
    if theta == 0.0:
        return ParallelLines(w1=0.0, js=0.0, kl=0.0, reverse_kl=0.0, tv=0.0)
    log2 = float(np.log(2.0))
    return ParallelLines(w1=abs(theta), js=log2, kl=float("inf"), reverse_kl=float("inf"), tv=1.0)


def translation_w1(shift: ArrayLike) -> float:
    """W1 between any law with a first moment and itself moved by the vector `shift`: its norm.

    The coupling by translation costs norm(shift); the 1-Lipschitz function <x, shift>/norm(shift)
    shows that nothing is cheaper.

    Raises:
        ValueError: the shift is no finite vector.
    """
    vector = np.atleast_1d(np.asarray(shift, dtype=np.float64))
    if vector.ndim != 1 or not np.isfinite(vector).all():
        raise ValueError(f"a shift is one finite vector, got shape {vector.shape}")
    return float(np.linalg.norm(vector))


def gaussian_w2(
    mean_1: Float[np.ndarray, " dim"],
    covariance_1: Float[np.ndarray, "dim dim"],
    mean_2: Float[np.ndarray, " dim"],
    covariance_2: Float[np.ndarray, "dim dim"],
) -> float:
    """W2 (not squared) between two Gaussians, by the Bures distance of their covariances.

    W2^2 = norm(m1 - m2)^2 + B^2, B^2 = tr(S1 + S2 - 2 (S1^1/2 S2 S1^1/2)^1/2) [Dowson and Landau
    1982]. B is computed as min over orthogonal U of the Frobenius norm of S1^1/2 - S2^1/2 U
    [Bhatia, Jain, Lim 2019, theorem 1]: the trace formula loses half the digits where B is small.

    Raises:
        ValueError: shapes that do not fit, or a matrix that is no covariance.
    """
    shift = _mean(mean_1) - _mean(mean_2)
    root_1 = _square_root(covariance_1, len(shift))
    root_2 = _square_root(covariance_2, len(shift))
    left, _, right = np.linalg.svd(root_2 @ root_1)
    bures = np.linalg.norm(root_1 - root_2 @ (left @ right))
    return float(np.hypot(np.linalg.norm(shift), bures))


def gaussian_w1(
    mean_1: Float[np.ndarray, " dim"],
    covariance_1: Float[np.ndarray, "dim dim"],
    mean_2: Float[np.ndarray, " dim"],
    covariance_2: Float[np.ndarray, "dim dim"],
) -> float:
    """W1 between two Gaussians of ONE covariance, norm(m1 - m2): a translation, so W1 = W2.

    Raises:
        ValueError: as `gaussian_w2`, or the covariances differ: then W1 has no closed form.
    """
    shift = _mean(mean_1) - _mean(mean_2)
    first = _covariance(covariance_1, len(shift))
    second = _covariance(covariance_2, len(shift))
    if not np.allclose(first, second, rtol=0.0, atol=_COVARIANCE_TOLERANCE * np.abs(first).max()):
        raise ValueError("W1 between Gaussians has no closed form unless their covariances agree")
    return translation_w1(shift)


def _mean(mean: ArrayLike) -> Float[np.ndarray, " dim"]:
    vector = np.atleast_1d(np.asarray(mean, dtype=np.float64))
    if vector.ndim != 1 or not np.isfinite(vector).all():
        raise ValueError(f"a mean is one finite vector, got shape {vector.shape}")
    return vector


def _covariance(covariance: ArrayLike, dim: int) -> Float[np.ndarray, "dim dim"]:
    matrix = np.atleast_2d(np.asarray(covariance, dtype=np.float64))
    if matrix.shape != (dim, dim) or not np.isfinite(matrix).all():
        raise ValueError(f"a covariance here is a finite {dim}x{dim} matrix, got {matrix.shape}")
    slack = _COVARIANCE_TOLERANCE * np.abs(matrix).max()
    if np.abs(matrix - matrix.T).max() > slack:
        raise ValueError("a covariance is symmetric")
    if np.linalg.eigvalsh(matrix).min() < -slack:
        raise ValueError("a covariance has no negative eigenvalue")
    return matrix


def _square_root(covariance: ArrayLike, dim: int) -> Float[np.ndarray, "dim dim"]:
    values, vectors = np.linalg.eigh(_covariance(covariance, dim))
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T)
