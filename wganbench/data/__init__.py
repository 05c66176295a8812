"""Data sets: one module per family, each data set found by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wganbench.plan.plugins import Plugin

if TYPE_CHECKING:
    from jaxtyping import Float, Int

TRAIN_SIZE = 100_000  # [GP]'s toy code draws its 25 Gaussians and Swiss roll from as many points
HELDOUT_SIZE = 20_000


@dataclass(frozen=True)
class Arrays:
    """A data set's content; the model's law is there only for pairs of laws.

    `heldout` is what distances and held-out estimates refer to: any prefix of it represents the
    law, with equal counts per mode where the law is a mixture.
    """

    train: Float[np.ndarray, "n *shape"]
    heldout: Float[np.ndarray, "m *shape"]
    train_model: Float[np.ndarray, "n *shape"] | None = None
    heldout_model: Float[np.ndarray, "m *shape"] | None = None
    labels: Int[np.ndarray, " n"] | None = None
    heldout_labels: Int[np.ndarray, " m"] | None = None


class DataSet(Plugin):
    """A law, a pair of laws or a set of images."""

    source: ClassVar[str]
    kind: ClassVar[str] = "law"

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one sample."""
        raise NotImplementedError

    def generate(self, rng: np.random.Generator) -> Arrays:
        """Return the data, in float32; images lie in [-1, 1].

        Raises:
            UserError: a file that the data set needs is missing.
        """
        raise NotImplementedError

    def modes(self) -> Float[np.ndarray, "mode dim"] | None:
        """Return the centres of the law's modes, if it is a mixture."""
        return None

    def mode_std(self) -> float | None:
        """Return the standard deviation of a mode in each coordinate."""
        return None

    def true_w1(self) -> tuple[float, float] | None:
        """Return the W1 between the pair's laws and its standard error, where it is known.

        The error is 0 for a closed form.
        """
        return None

    def true_gradient(
        self, points: Float[np.ndarray, "n dim"]
    ) -> Float[np.ndarray, "n dim"] | None:
        """Return an optimal critic's gradient at points of the first law, where it is known."""
        return None

    @property
    def id(self) -> str:
        """Name and settings, as the data's file is called."""
        settings = self.model_dump(exclude={"name"})
        return "-".join([self.name, *(_part(k, v) for k, v in settings.items() if v != "")])


class PairOfLaws(DataSet):
    """Two given laws; the second takes the generator's place (generator: fixed)."""

    kind: ClassVar[str] = "pair"


class ImageSet(DataSet):
    """Images in [-1, 1], channels first."""

    kind: ClassVar[str] = "images"


def _part(key: str, value: object) -> str:
    """Return a setting as part of a file's name: short, but no two values alike."""
    text = str(value)
    if isinstance(value, float) and float(f"{value:g}") == value:
        text = f"{value:g}"
    return key + re.sub(r"[^A-Za-z0-9.-]+", "-", text)
