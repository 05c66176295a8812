"""Image sets that the user provides: where they are looked for, and the advice without them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import AfterValidator, Field

from wganbench.data import HELDOUT_SIZE, Arrays, Images, ImageSet
from wganbench.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jaxtyping import Shaped, UInt8

HELDOUT_SHARE = 5  # one image in five is held out, at most HELDOUT_SIZE, where there is no test set
FEWEST = 2  # images: one to train on and one held out


def _power_of_two(size: int) -> int:
    if size & (size - 1):
        raise ValueError(f"{size} is no power of two")
    return size


Size = Annotated[
    int,
    Field(
        ge=16,
        le=1024,
        description="Rows and columns of the square images: a power of two.",
        json_schema_extra={"slug": "size"},
    ),
    AfterValidator(_power_of_two),
]


class RawImages(ImageSet):
    """A set made from the user's files: square images of one size, stored in 8 bits."""

    size: Size
    channels: ClassVar[int]
    advice: ClassVar[str]  # what to put where, for who has not got the files

    @property
    def shape(self) -> tuple[int, int, int]:
        return (self.channels, self.size, self.size)

    def alternatives(self) -> list[list[Path]]:
        """Return lists of raw files, best first; any one list suffices."""
        raise NotImplementedError

    def columns(self, rng: np.random.Generator) -> dict[str, np.ndarray | Images]:
        """Return the two parts, each in an order of which any prefix represents it, and labels.

        Raises:
            UserError: a raw file is missing or damaged.
        """
        raise NotImplementedError

    def raw_files(self) -> list[Path]:
        """Return the first list of which every file is there, or else the first list."""
        alternatives = self.alternatives()
        return next((paths for paths in alternatives if _absent(paths) is None), alternatives[0])

    def found(self) -> list[Path]:
        """Return the raw files.

        Raises:
            UserError: one is missing.
        """
        if missing := self.missing():
            raise UserError(missing)
        return self.raw_files()

    def missing(self) -> str:
        """Name the first absent file of the list that is nearest to complete."""
        alternatives = self.alternatives()
        if any(_absent(paths) is None for paths in alternatives):
            return ""
        nearest = max(alternatives, key=lambda paths: sum(path.exists() for path in paths))
        return f"{_absent(nearest)}: is missing; {self.advice} (docs/data.md)"

    def generate(self, rng: np.random.Generator) -> Arrays:
        """Decode everything into memory; `columns` is what a large set is written from.

        Raises:
            UserError: a raw file is missing or damaged.
        """
        return Arrays(**{name: _in_memory(column) for name, column in self.columns(rng).items()})

    def images(
        self, count: int, decode: Callable[[], Iterator[UInt8[np.ndarray, "channel row column"]]]
    ) -> Images:
        return Images((count, *self.shape), decode)


def split(count: int, where: Path, rng: np.random.Generator) -> np.ndarray:
    """Return the places of the images to hold out, in random order, where no test set is given.

    Raises:
        UserError: there are too few images.
    """
    if count < FEWEST:
        raise UserError(f"{where}: holds {count} images, at least {FEWEST} are needed")
    heldout = min(HELDOUT_SIZE, max(1, count // HELDOUT_SHARE))
    return rng.choice(count, size=heldout, replace=False)


def _absent(paths: list[Path]) -> Path | None:
    return next((path for path in paths if not path.exists()), None)


def _in_memory(column: np.ndarray | Images) -> Shaped[np.ndarray, "n *shape"]:
    return np.stack(list(column.decode())) if isinstance(column, Images) else column
