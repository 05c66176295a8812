"""Samples as the solvers take them: finite float64 points, one row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wganbench.errors import UserError

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy.typing import ArrayLike


def as_points(samples: ArrayLike, name: str) -> Float[np.ndarray, "n dim"]:
    """One row per sample: (n,) becomes (n, 1), images (n, c, h, w) become (n, c*h*w).

    Args:
        samples: numbers of any real type; float32 is widened, since it costs 3e-8 of the distance.
        name: what the error messages call this sample.

    Raises:
        UserError: no samples, no coordinates, or a NaN or infinity among them (a diverged
            generator): a distance to such a sample means nothing.
    """
    points = np.asarray(samples, dtype=np.float64)
    if points.size == 0 or points.ndim == 0:
        raise UserError(f"{name}: empty sample of shape {points.shape}; give one row per sample")
    points = points.reshape(len(points), -1)
    broken = int(np.count_nonzero(~np.isfinite(points).all(axis=1)))
    if broken:
        raise UserError(
            f"{name}: {broken} of {len(points)} samples hold NaN or infinity; "
            "drop the run as diverged instead of measuring it"
        )
    return points


def as_paired_points(
    x: ArrayLike, y: ArrayLike, names: tuple[str, str] = ("x", "y")
) -> tuple[Float[np.ndarray, "n dim"], Float[np.ndarray, "m dim"]]:
    """Both samples as points of one space.

    Raises:
        UserError: as `as_points`, or the two live in different dimensions.
    """
    points_x, points_y = as_points(x, names[0]), as_points(y, names[1])
    if points_x.shape[1] != points_y.shape[1]:
        raise UserError(
            f"{names[0]} has {points_x.shape[1]} coordinates a sample, {names[1]} has "
            f"{points_y.shape[1]}: they must be samples of the same space"
        )
    return points_x, points_y
