"""CelebA: faces, aligned and cropped to 178x218."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from wganbench.data import Images
from wganbench.data.raw_images import RawImages, Size
from wganbench.errors import UserError
from wganbench.files import check_readable
from wganbench.records.layout import RAW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jaxtyping import UInt8

ALIGNED = (178, 218)  # columns, rows
# The face without the background: carpedm20's DCGAN-tensorflow, `--input_height=108 --crop`, which
# later GANs on CelebA at 64x64 followed.
CROP = 108
TRAIN, TEST = "0", "2"  # of the official partition; 1, for validation, is not used
FOLDER, PARTITION = "img_align_celeba", "list_eval_partition.txt"


class CelebA(RawImages):
    """The central 108x108 pixels, resized; the official test part is held out. No labels."""

    name: Literal["celeba"] = "celeba"
    size: Size = 64
    channels: ClassVar[int] = 3
    heldout_size: ClassVar[int | None] = 19_962
    source: ClassVar[str] = "Liu, Luo, Wang, Tang 2015, aligned and cropped images"
    advice: ClassVar[str] = (
        "put CelebA's img_align_celeba/ (unpacked from img_align_celeba.zip) and "
        "list_eval_partition.txt into raw/celeba/"
    )

    def alternatives(self) -> list[list[Path]]:
        return [[RAW / self.name / name for name in (FOLDER, PARTITION)]]

    def columns(self, rng: np.random.Generator) -> dict[str, np.ndarray | Images]:
        """Return the official training part, and the test part in random order.

        Raises:
            UserError: a raw file is missing or damaged.
        """
        folder, partition = self.found()
        train, test = (_listed(partition, part) for part in (TRAIN, TEST))
        heldout = [test[k] for k in rng.permutation(len(test))]
        return {
            "train": self.images(len(train), lambda: self._faces(folder, train)),
            "heldout": self.images(len(heldout), lambda: self._faces(folder, heldout)),
        }

    def _faces(
        self, folder: Path, names: Sequence[str]
    ) -> Iterator[UInt8[np.ndarray, "3 size size"]]:
        from wganbench.data.raw.pixels import centre, read_image, square

        for name in names:
            path = folder / name
            image = read_image(path, str(path), self.channels)
            if image.size != ALIGNED:
                raise UserError(
                    f"{path}: is {image.width}x{image.height}, not 178x218: {FOLDER}/ must hold "
                    "CelebA's aligned images"
                )
            yield square(centre(image, CROP), self.size)


def _listed(path: Path, part: str) -> list[str]:
    """Return the images of a part, in the list's order.

    Raises:
        UserError: the list is no list of images and parts, or the part is empty.
    """
    check_readable(path, "replace it")
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    rows = [line.split() for line in lines if line.strip()]
    for number, row in enumerate(rows, start=1):
        if len(row) != 2 or row[1] not in ("0", "1", "2") or Path(row[0]).name != row[0]:
            raise UserError(f"{path}: row {number} is not like `000001.jpg 0`; replace the file")
    names = [name for name, listed in rows if listed == part]
    if not names:
        raise UserError(f"{path}: lists no image of part {part}; replace the file")
    return names
