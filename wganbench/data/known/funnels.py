"""Pairs of laws whose W1 is known in any dimension: the funnels of [KSB].

Korotin, Kolesov, Burnaev 2022, "Kantorovich Strikes Back". A funnel is norm(x - a_n) + b_n; the
potential u(x) = min over n of the funnels is 1-Lipschitz. Y is uniform on a box. Around y the
lowest funnel n makes u rise with slope one along the ray that leaves a_n through y, up to the
point where another funnel or the box takes over: a transport ray, of length L. X is Y moved down
its ray, from the share t of its length to the share t^p. Then u(Y) - u(X) = norm(X - Y) for every
pair, so the coupling and u certify each other: W1 = E norm(X - Y), and u is an optimal potential
for E u(Y) - E u(X) (-u for the other sign).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy.spatial.distance import cdist

# One chunk's widest matrix, (rows, funnels) or (rows, dim); about eight of them live at a time.
_CHUNK_BYTES = 16 * 2**20


@dataclass(frozen=True, eq=False)
class FunnelPair:
    """Laws of X and Y with W1 known up to the Monte-Carlo error of one mean.

    Raises:
        ValueError: shapes that do not fit, a centre outside the box (its rays might leave the box
            before they reach Y), numbers not finite, or a power of at most 1.
    """

    centers: Float[np.ndarray, "funnels dim"]
    """Lower ends a_n of the rays. A funnel lying above the others everywhere is never used."""
    biases: Float[np.ndarray, " funnels"]
    """Heights b_n of the funnels at their centres, in the units of the distance."""
    power: float = 8.0
    """p: how far X moves down its ray. [KSB] use 8."""
    half_width: float = 2.5
    """Y is uniform on [-half_width, half_width]^dim. [KSB] use 2.5."""

    def __post_init__(self) -> None:
        centers = np.asarray(self.centers, dtype=np.float64)
        biases = np.asarray(self.biases, dtype=np.float64)
        object.__setattr__(self, "centers", centers)
        object.__setattr__(self, "biases", biases)
        if centers.ndim != 2 or centers.size == 0 or biases.shape != centers.shape[:1]:
            raise ValueError(f"centers {centers.shape} and biases {biases.shape} do not fit")
        if not (np.isfinite(centers).all() and np.isfinite(biases).all()):
            raise ValueError("centers and biases must be finite")
        if not 1.0 < self.power < np.inf or not 0.0 < self.half_width < np.inf:
            raise ValueError(f"power {self.power} must exceed 1, half_width {self.half_width} 0")
        if np.abs(centers).max() > self.half_width:
            raise ValueError(f"every centre must lie in the box of half width {self.half_width}")

    @classmethod
    def random(cls, dim: int, funnels: int, seed: int) -> FunnelPair:
        """A pair as [KSB] draw theirs: a_n uniform on the box, b_n normal with sd 0.1."""
        rng = np.random.default_rng(seed)
        centers = rng.uniform(-cls.half_width, cls.half_width, (funnels, dim))
        return cls(centers, 0.1 * rng.standard_normal(funnels))

    @property
    def dim(self) -> int:
        return int(self.centers.shape[1])

    @property
    def funnels(self) -> int:
        return int(self.centers.shape[0])

    def sample_y(self, n: int, rng: np.random.Generator) -> Float[np.ndarray, "n dim"]:
        """N fresh samples of Y, uniform on the box."""
        return rng.uniform(-self.half_width, self.half_width, (n, self.dim))

    def sample_x(self, n: int, rng: np.random.Generator) -> Float[np.ndarray, "n dim"]:
        """N fresh samples of X, independent of any Y drawn before."""
        return self.transport(self.sample_y(n, rng))

    def sample_coupled(
        self, n: int, rng: np.random.Generator
    ) -> tuple[Float[np.ndarray, "n dim"], Float[np.ndarray, "n dim"]]:
        """N pairs (X, Y) of the optimal coupling, row by row."""
        y = self.sample_y(n, rng)
        return self.transport(y), y

    def potential(self, points: Float[np.ndarray, "n dim"]) -> Float[np.ndarray, " n"]:
        """The minimum u over n of norm(x - a_n) + b_n: 1-Lipschitz, E u(Y) - E u(X) = W1."""
        values = [self._lowest(rows)[1] for rows in self._chunks(points)]
        return np.concatenate(values) if values else np.empty(0)

    def potential_gradient(self, points: Float[np.ndarray, "n dim"]) -> Float[np.ndarray, "n dim"]:
        """Gradient of u, a unit vector; zero at a centre, where u has none.

        The optimal critic that is high on X and low on Y is -u, with the opposite gradient.
        """
        gradients = np.empty((len(points), self.dim))
        start = 0
        for rows in self._chunks(points):
            funnel, _ = self._lowest(rows)
            gradients[start : start + len(rows)] = _directions(rows - self.centers[funnel])[0]
            start += len(rows)
        return gradients

    def transport(self, y: Float[np.ndarray, "n dim"]) -> Float[np.ndarray, "n dim"]:
        """The optimal map from Y to X: each row moved down its own ray.

        Raises:
            ValueError: a point lies outside the box, or has another dimension.
        """
        x = np.empty((len(y), self.dim))
        start = 0
        for rows in self._chunks(y):
            x[start : start + len(rows)] = self._move_down(rows)
            start += len(rows)
        return x

    def true_w1(self, n: int, rng: np.random.Generator) -> tuple[float, float]:
        """W1 as the mean of norm(X - Y) over n pairs, and its standard error.

        Holds one chunk at a time, whatever n. From one state of rng it sees the very pairs that
        `sample_coupled` draws.

        Raises:
            ValueError: fewer than two pairs.
        """
        if n < 2:
            raise ValueError(f"a standard error needs n of at least 2, got {n}")
        lengths = np.empty(n)
        rows = self._chunk_rows()
        for start in range(0, n, rows):
            y = self.sample_y(min(rows, n - start), rng)
            lengths[start : start + len(y)] = np.linalg.norm(self._move_down(y) - y, axis=1)
        return float(lengths.mean()), float(lengths.std(ddof=1) / np.sqrt(n))

    def _ray_lengths(
        self, y: Float[np.ndarray, "n dim"], funnel: Int[np.ndarray, " n"]
    ) -> Float[np.ndarray, " n"]:
        """L, from a_n through y to where another funnel or the box takes over.

        On a_n + s d, funnel m takes over where s + b_n = norm(a_n + s d - a_m) + b_m. Squared, s^2
        cancels: s = (norm(a_n - a_m)^2 - (b_n - b_m)^2) / (2 (b_n - b_m - <d, a_n - a_m>)), and
        never if the denominator is not positive.
        """
        start = self.centers[funnel]
        direction, reached = _directions(y - start)
        spacing = cdist(self.centers, self.centers, "sqeuclidean")
        gap = self.biases[:, None] - self.biases
        along = np.sum(direction * start, axis=1, keepdims=True) - direction @ self.centers.T
        closing = 2.0 * (gap[funnel] - along)
        closing[np.arange(len(y)), funnel] = 0.0
        # A ray that never ends at m, or runs parallel to a wall, ends there at infinity.
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            taken = np.where(closing > 0.0, (spacing - gap**2)[funnel] / closing, np.inf)
            wall = np.copysign(self.half_width, direction) - start
            left = np.where(direction != 0.0, wall / direction, np.inf)
        end = np.minimum(taken.min(axis=1), left.min(axis=1))
        # y lies on its own ray; at its very end rounding may put it elsewhere.
        return np.asarray(np.maximum(end, reached))

    def _move_down(self, y: Float[np.ndarray, "n dim"]) -> Float[np.ndarray, "n dim"]:
        if not np.abs(y).max(initial=0.0) <= self.half_width:
            raise ValueError(f"points to transport must lie in the box, got {np.abs(y).max()}")
        funnel, _ = self._lowest(y)
        start = self.centers[funnel]
        reached = np.linalg.norm(y - start, axis=1)
        length = self._ray_lengths(y, funnel)
        # L t^p along the ray is t^(p-1) of the way to y, t = reached / L. At a centre t is 0.
        share = np.divide(reached, length, out=np.zeros_like(reached), where=reached > 0.0)
        return np.asarray(start + (share ** (self.power - 1.0))[:, None] * (y - start))

    def _lowest(
        self, points: Float[np.ndarray, "n dim"]
    ) -> tuple[Int[np.ndarray, " n"], Float[np.ndarray, " n"]]:
        """The lowest funnel at each point, and u. By differences, since X crowds at the centres."""
        heights = cdist(points, self.centers) + self.biases
        funnel = heights.argmin(axis=1)
        return funnel, heights[np.arange(len(points)), funnel]

    def _chunk_rows(self) -> int:
        return max(1, _CHUNK_BYTES // (8 * max(self.dim, self.funnels)))

    def _chunks(
        self, points: Float[np.ndarray, "n dim"]
    ) -> Iterator[Float[np.ndarray, "rows dim"]]:
        rows = np.asarray(points, dtype=np.float64)
        if rows.ndim != 2 or rows.shape[1] != self.dim:
            raise ValueError(f"points of shape {rows.shape} are not (n, {self.dim})")
        step = self._chunk_rows()
        return (rows[start : start + step] for start in range(0, len(rows), step))


def _directions(
    offsets: Float[np.ndarray, "n dim"],
) -> tuple[Float[np.ndarray, "n dim"], Float[np.ndarray, " n"]]:
    """Unit vectors along the offsets (zero for a zero offset), and the offsets' lengths."""
    lengths = np.linalg.norm(offsets, axis=1)
    column = lengths[:, None]
    return np.divide(offsets, column, out=np.zeros_like(offsets), where=column > 0.0), lengths
