"""Mixtures of 8 and 25 Gaussians, as in [GP]'s official toy code (gan_toy.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from wganbench.data import HELDOUT_SIZE, TRAIN_SIZE, Arrays, DataSet

if TYPE_CHECKING:
    from jaxtyping import Float


class _Mixture(DataSet):
    """Equally likely isotropic Gaussians, all divided by one scale."""

    shape: ClassVar[tuple[int, ...]] = (2,)
    sigma: ClassVar[float]
    divisor: ClassVar[float]

    def centres(self) -> Float[np.ndarray, "mode 2"]:
        raise NotImplementedError

    def modes(self) -> Float[np.ndarray, "mode 2"]:
        return self.centres() / self.divisor

    def mode_std(self) -> float:
        return self.sigma / self.divisor

    def generate(self, rng: np.random.Generator) -> Arrays:
        """Return independent training points, and held-out ones with equal counts per mode."""
        centres = self.modes()
        train = rng.integers(len(centres), size=TRAIN_SIZE)
        # Every prefix of the held-out sample has equal counts per mode: with a stratified reference
        # the floor is about half of what chance counts would make it.
        heldout = np.arange(HELDOUT_SIZE) % len(centres)
        return Arrays(
            train=self._around(centres[train], rng), heldout=self._around(centres[heldout], rng)
        )

    def _around(
        self, centres: Float[np.ndarray, "n 2"], rng: np.random.Generator
    ) -> Float[np.ndarray, "n 2"]:
        noise = self.mode_std() * rng.standard_normal(centres.shape)
        return (centres + noise).astype(np.float32)


class EightGaussians(_Mixture):
    """On a circle of radius 2, sigma 0.02, divided by 1.414."""

    name: Annotated[Literal["8gaussians"], Field(description="8 Gaussians on a circle.")] = (
        "8gaussians"
    )
    source: ClassVar[str] = "[GP] gan_toy.py, DATASET='8gaussians'"
    sigma: ClassVar[float] = 0.02
    divisor: ClassVar[float] = 1.414

    def centres(self) -> Float[np.ndarray, "mode 2"]:
        angles = np.arange(8) * np.pi / 4
        return 2 * np.stack([np.cos(angles), np.sin(angles)], axis=-1)


class TwentyFiveGaussians(_Mixture):
    """On the grid 2 * {-2, ..., 2}^2, sigma 0.05, divided by 2.828."""

    name: Annotated[Literal["25gaussians"], Field(description="25 Gaussians on a grid.")] = (
        "25gaussians"
    )
    source: ClassVar[str] = "[GP] gan_toy.py, DATASET='25gaussians'"
    sigma: ClassVar[float] = 0.05
    divisor: ClassVar[float] = 2.828

    def centres(self) -> Float[np.ndarray, "mode 2"]:
        line = 2.0 * np.arange(-2, 3)
        return np.stack(np.meshgrid(line, line, indexing="ij"), axis=-1).reshape(-1, 2)
