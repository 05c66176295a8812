"""Probability densities on the line that are constant between edges: exact arithmetic's friends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy.typing import ArrayLike

_MASS_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class PiecewiseConstant:
    """A density that is `heights[i]` between `edges[i]` and `edges[i + 1]` and zero outside.

    Raises:
        ValueError: edges that do not increase, negative heights, or a mass other than one.
    """

    edges: Float[np.ndarray, " pieces+1"]
    heights: Float[np.ndarray, " pieces"]

    def __post_init__(self) -> None:
        edges = np.asarray(self.edges, dtype=np.float64)
        heights = np.asarray(self.heights, dtype=np.float64)
        object.__setattr__(self, "edges", edges)
        object.__setattr__(self, "heights", heights)
        if edges.ndim != 1 or heights.shape != (len(edges) - 1,) or len(heights) == 0:
            raise ValueError(f"{edges.shape} edges do not bound {heights.shape} pieces")
        if not np.isfinite(edges).all() or (np.diff(edges) <= 0).any():
            raise ValueError("edges must be finite and increase strictly")
        if not (heights >= 0).all():
            raise ValueError("a density is nowhere negative or NaN")
        if not abs(self.masses.sum() - 1.0) <= _MASS_TOLERANCE:
            raise ValueError(f"the density's mass is {self.masses.sum()!r}, not 1")

    @classmethod
    def from_pieces(cls, *pieces: tuple[float, float, float]) -> PiecewiseConstant:
        """A mixture of uniform laws, each (left, right, mass). Overlapping pieces add up."""
        edges = np.unique([end for left, right, _ in pieces for end in (left, right)])
        middles = (edges[:-1] + edges[1:]) / 2
        heights = np.zeros(len(middles))
        for left, right, mass in pieces:
            heights[(left < middles) & (middles < right)] += mass / (right - left)
        return cls(edges, heights)

    @property
    def masses(self) -> Float[np.ndarray, " pieces"]:
        """Probability of each piece."""
        return np.asarray(self.heights * np.diff(self.edges))

    def density(self, x: ArrayLike) -> Float[np.ndarray, "..."]:
        """Density at x; at an edge, that of the piece to its right."""
        piece = np.searchsorted(self.edges, np.asarray(x), side="right")
        return np.asarray(np.concatenate([[0.0], self.heights, [0.0]])[piece])

    def cdf(self, x: ArrayLike) -> Float[np.ndarray, "..."]:
        """Probability of (-inf, x]."""
        below = np.concatenate([[0.0], self.masses.cumsum()])
        return np.asarray(np.interp(np.asarray(x), self.edges, below))


def common_refinement(
    p: PiecewiseConstant, q: PiecewiseConstant
) -> tuple[
    Float[np.ndarray, " pieces+1"], Float[np.ndarray, " pieces"], Float[np.ndarray, " pieces"]
]:
    """Edges between which both densities are constant, and the heights of p and of q there."""
    edges = np.union1d(p.edges, q.edges)
    middles = (edges[:-1] + edges[1:]) / 2
    return edges, p.density(middles), q.density(middles)
