"""Data sets: one module per family, each data set found by its name."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from wganbench.errors import UserError
from wganbench.plugins import Plugin
from wganbench.records.data import Arrays, Images

if TYPE_CHECKING:
    from jaxtyping import Float

__all__ = [
    "HELDOUT_SIZE", "TRAIN_SIZE", "Arrays", "DataSet", "ImageSet", "Images", "PairOfLaws",
]  # fmt: skip

TRAIN_SIZE = 100_000  # [GP]'s toy code draws its 25 Gaussians and Swiss roll from as many points
HELDOUT_SIZE = 20_000
LONGEST_PART = 40  # characters of one setting in a file's name, which has at most 255 bytes


class DataSet(Plugin):
    """A law, a pair of laws or a set of images."""

    source: ClassVar[str]
    kind: ClassVar[str] = "law"
    labelled: ClassVar[bool] = False  # whether `labels` are classes that a classifier can learn
    # Held-out samples: as many as are drawn of a law; None: known once the data are made.
    heldout_size: ClassVar[int | None] = HELDOUT_SIZE

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one sample."""
        raise NotImplementedError

    def generate(self, rng: np.random.Generator) -> Arrays:
        """Return the data, in float32; images lie in [-1, 1], or are grey levels in 8 bits.

        Raises:
            UserError: a file that the data set needs is missing or damaged.
        """
        raise NotImplementedError

    def columns(self, rng: np.random.Generator) -> dict[str, np.ndarray | Images]:
        """Return what the data file holds, by name; images may still have to be decoded.

        Raises:
            UserError: a file that the data set needs is missing or damaged.
        """
        arrays = vars(self.generate(rng))
        return {name: array for name, array in arrays.items() if array is not None}

    def raw_files(self) -> list[Path]:
        """Return the user's files and folders that the data are made from, there or not."""
        return []

    def raw_state(self) -> str:
        """Return a digest of the raw files' names, sizes and times.

        Nothing where the data are made from none, or where they are gone.
        """
        from wganbench.data.raw.state import state_of

        paths = self.raw_files()
        return state_of(paths) if paths and all(path.exists() for path in paths) else ""

    def missing(self) -> str:
        """Return which raw file is missing and what to put where, or nothing if all are there."""
        return ""

    def download(self) -> None:
        """Fetch the raw files, for who asks for it.

        Raises:
            UserError: this data set has no download, or it failed.
        """
        instead = self.missing() or "none is needed"
        raise UserError(f"--download: data set {self.name} has none; {instead}")

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
        settings = self.model_dump(include=self.identity().keys() - {"name"})
        return "-".join([self.name, *(_part(k, v) for k, v in settings.items() if v != "")])


class PairOfLaws(DataSet):
    """Two given laws; the second takes the generator's place (generator: fixed)."""

    kind: ClassVar[str] = "pair"


class ImageSet(DataSet):
    """Images, channels first."""

    kind: ClassVar[str] = "images"
    heldout_size: ClassVar[int | None] = None


def _part(key: str, value: object) -> str:
    """Return a setting as part of a file's name: short, but no two values alike."""
    text = str(value)
    if isinstance(value, float) and float(f"{value:g}") == value:
        text = f"{value:g}"
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", text)
    if plain != text or len(plain) > LONGEST_PART:  # a path, 1e+20, a seed of a thousand digits
        plain = f"{plain[:LONGEST_PART]}-{sha256(text.encode()).hexdigest()[:8]}"
    return key + plain
