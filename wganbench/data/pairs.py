"""Pairs of laws with known answers, for critics trained without a generator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from wganbench.data import HELDOUT_SIZE, TRAIN_SIZE, Arrays, PairOfLaws

if TYPE_CHECKING:
    from jaxtyping import Float

Array = np.ndarray


class _Pair(PairOfLaws):
    """Two laws that are sampled independently."""

    def real(self, n: int, rng: np.random.Generator) -> Float[Array, "n dim"]:
        raise NotImplementedError

    def model(self, n: int, rng: np.random.Generator) -> Float[Array, "n dim"]:
        raise NotImplementedError

    def generate(self, rng: np.random.Generator) -> Arrays:
        return Arrays(
            train=self.real(TRAIN_SIZE, rng).astype(np.float32),
            heldout=self.real(HELDOUT_SIZE, rng).astype(np.float32),
            train_model=self.model(TRAIN_SIZE, rng).astype(np.float32),
            heldout_model=self.model(HELDOUT_SIZE, rng).astype(np.float32),
        )


class ParallelLines(_Pair):
    """P0 = (0, Z) against P_theta = (theta, Z), Z ~ U[0, 1]."""

    name: Literal["parallel-lines"] = "parallel-lines"
    theta: Annotated[
        float,
        Field(ge=-1e3, le=1e3, description="The shift.", json_schema_extra={"slug": "theta"}),
    ]
    source: ClassVar[str] = "[WGAN] example 1"
    shape: ClassVar[tuple[int, ...]] = (2,)

    def real(self, n: int, rng: np.random.Generator) -> Float[Array, "n 2"]:
        return np.stack([np.zeros(n), rng.uniform(size=n)], axis=-1)

    def model(self, n: int, rng: np.random.Generator) -> Float[Array, "n 2"]:
        return np.stack([np.full(n, self.theta), rng.uniform(size=n)], axis=-1)

    def true_w1(self) -> tuple[float, float]:
        """Return the size of the shift ([WGAN] example 1)."""
        return abs(self.theta), 0.0

    def true_gradient(self, points: Float[Array, "n 2"]) -> Float[Array, "n 2"]:
        """Return the unit vector from the model's line to the real one."""
        return np.broadcast_to([-np.sign(self.theta), 0.0], points.shape)


class TwoGaussians(_Pair):
    """N(mean_real, 1) against N(mean_model, 1) on the line."""

    name: Literal["two-gaussians"] = "two-gaussians"
    mean_real: Annotated[float, Field(ge=-1e3, le=1e3, description="Mean of the first law.")] = -3.0
    mean_model: Annotated[float, Field(ge=-1e3, le=1e3, description="Mean of the second law.")] = (
        3.0
    )
    source: ClassVar[str] = "[WGAN] figure 2; the paper does not state the two means"
    shape: ClassVar[tuple[int, ...]] = (1,)

    def real(self, n: int, rng: np.random.Generator) -> Float[Array, "n 1"]:
        return self.mean_real + rng.standard_normal((n, 1))

    def model(self, n: int, rng: np.random.Generator) -> Float[Array, "n 1"]:
        return self.mean_model + rng.standard_normal((n, 1))

    def true_w1(self) -> tuple[float, float]:
        return abs(self.mean_real - self.mean_model), 0.0

    def true_gradient(self, points: Float[Array, "n 1"]) -> Float[Array, "n 1"]:
        return np.full_like(points, np.sign(self.mean_real - self.mean_model))


class Piecewise(_Pair):
    """1/4 on [1, 2], 1/4 on [3, 4], 1/2 on [9, 10] against the uniform law on [5, 7]."""

    name: Literal["piecewise"] = "piecewise"
    source: ClassVar[str] = "Fleuret, EE-559 lecture 10.2"
    shape: ClassVar[tuple[int, ...]] = (1,)

    def real(self, n: int, rng: np.random.Generator) -> Float[Array, "n 1"]:
        starts = rng.choice([1.0, 3.0, 9.0], size=(n, 1), p=[0.25, 0.25, 0.5])
        return starts + rng.uniform(size=(n, 1))

    def model(self, n: int, rng: np.random.Generator) -> Float[Array, "n 1"]:
        return rng.uniform(5.0, 7.0, size=(n, 1))

    def true_w1(self) -> tuple[float, float]:
        """Return the lecture's answer."""
        return 3.0, 0.0
