"""Any folder of images."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from wganbench.data import Images
from wganbench.data.raw.folders import folders_below, image_files, left_out
from wganbench.data.raw_images import RawImages, Size, split
from wganbench.records.layout import RAW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jaxtyping import UInt8


class ImageFolder(RawImages):
    """The images in a folder and below, resized and cropped as in [WGAN]'s official code.

    One in five is held out, at most 20,000. Folders are no labels.
    """

    name: Literal["image-folder"] = "image-folder"
    # A name and no path: the same experiment file then means the same on every machine.
    folder: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$",
            description="Name of a folder in raw/, or of a link there to any folder: letters, "
            "digits, and _ . - between them.",
            json_schema_extra={"slug": ""},
        ),
    ]
    size: Size = 64
    grey: Annotated[bool, Field(description="Grey images, one channel, instead of colour.")] = False
    source: ClassVar[str] = "the user's images"

    @property
    def shape(self) -> tuple[int, int, int]:
        return (1 if self.grey else 3, self.size, self.size)

    @property
    def path(self) -> Path:
        return RAW / self.folder

    def alternatives(self) -> list[list[Path]]:
        return [[Path(folder) for folder in folders_below(self.path)] or [self.path]]

    def missing(self) -> str:
        if self.path.is_dir():
            return ""
        return f"{self.path}: is missing; put a folder of images there, or a link to one"

    def columns(self, rng: np.random.Generator) -> dict[str, np.ndarray | Images]:
        """Return both parts in random order.

        Raises:
            UserError: there are no images, or one is damaged.
        """
        self.found()
        files, others = image_files(self.path)
        if others:
            sys.stderr.write(f"{self.path}: {left_out(others)}\n")
        held = split(len(files), self.path, rng)
        train = rng.permutation(np.setdiff1d(np.arange(len(files)), held))
        return {
            name: self.images(len(part), partial(self._decoded, files, part))
            for name, part in (("train", train), ("heldout", held))
        }

    def _decoded(
        self, files: Sequence[str], places: np.ndarray
    ) -> Iterator[UInt8[np.ndarray, "channel size size"]]:
        from wganbench.data.raw.pixels import read_image, square

        for place in places:
            path = self.path / files[place]
            yield square(read_image(path, str(path), self.shape[0]), self.size)
