"""LSUN bedrooms, the papers' image set: three million photographs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from wganbench.data import Images
from wganbench.data.raw_images import RawImages, Size, split
from wganbench.records.layout import RAW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jaxtyping import Bool, UInt8


class LSUNBedrooms(RawImages):
    """The training LMDB, resized and cropped as in [WGAN]'s official code. No labels.

    The official validation set has 300 images, too few to measure anything with, so held-out
    images are drawn from the training set, 20,000 of 3,033,042.
    """

    name: Literal["lsun-bedrooms"] = "lsun-bedrooms"
    size: Size = 64
    channels: ClassVar[int] = 3
    heldout_size: ClassVar[int | None] = 20_000
    source: ClassVar[str] = "LSUN (Yu et al. 2015), [WGAN] section 4"
    advice: ClassVar[str] = (
        "unpack LSUN's bedroom_train_lmdb.zip in raw/lsun-bedrooms/ or link to where it is; "
        "scale gpu has smaller sets"
    )

    def alternatives(self) -> list[list[Path]]:
        return [[RAW / self.name / "bedroom_train_lmdb" / "data.mdb"]]

    def columns(self, rng: np.random.Generator) -> dict[str, np.ndarray | Images]:
        """Return both parts in the order of the keys, digests that do not depend on the image.

        Raises:
            UserError: the database is missing or damaged.
        """
        from wganbench.data.raw.lmdb_images import count_values

        folder = self.found()[0].parent
        count = count_values(folder)
        held = np.zeros(count, dtype=bool)
        held[split(count, folder, rng)] = True
        return {
            name: self.images(int(part.sum()), partial(self._decoded, folder, part))
            for name, part in (("train", ~held), ("heldout", held))
        }

    def _decoded(
        self, folder: Path, wanted: Bool[np.ndarray, " n"]
    ) -> Iterator[UInt8[np.ndarray, "3 size size"]]:
        from wganbench.data.raw.lmdb_images import values_at
        from wganbench.data.raw.pixels import read_image, square

        for key, value in values_at(folder, wanted):
            image = read_image(value, f"{folder / 'data.mdb'}: key {key}", self.channels)
            yield square(image, self.size)
