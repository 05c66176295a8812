"""CIFAR-10: 32x32 colour images in 10 classes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from wganbench.data import Images
from wganbench.data.raw_images import RawImages, Size
from wganbench.errors import UserError
from wganbench.records.layout import RAW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jaxtyping import UInt8

SHAPE = (3, 32, 32)
RECORD = 1 + 3 * 32 * 32  # a label, then the pixels, channels first
CLASSES = 10
FILES = [*(f"data_batch_{k}.bin" for k in range(1, 6)), "test_batch.bin"]


class CIFAR10(RawImages):
    """The official training and test set, from the binary version: nothing is unpickled."""

    name: Literal["cifar10"] = "cifar10"
    labelled: ClassVar[bool] = True
    heldout_size: ClassVar[int | None] = 10_000
    size: Size = 32
    channels: ClassVar[int] = 3
    source: ClassVar[str] = "Krizhevsky 2009, binary version"
    advice: ClassVar[str] = (
        "unpack CIFAR-10's binary version (cifar-10-binary.tar.gz, not the python version) in "
        "raw/cifar10/"
    )

    def alternatives(self) -> list[list[Path]]:
        return [[RAW / self.name / "cifar-10-batches-bin" / file for file in FILES]]

    def columns(self, rng: np.random.Generator) -> dict[str, np.ndarray | Images]:
        """Return the five training batches, and the test batch in random order.

        Raises:
            UserError: a raw file is missing or damaged.
        """
        paths = self.found()
        size = max(path.stat().st_size for path in paths)
        records = [_records(path, size) for path in paths]
        train, heldout = records[:-1], records[-1][rng.permutation(len(records[-1]))]
        return {
            "train": self.images(sum(map(len, train)), lambda: self._resized(train)),
            "heldout": self.images(len(heldout), lambda: self._resized([heldout])),
            "labels": np.concatenate([batch[:, 0] for batch in train]).astype(np.int64),
            "heldout_labels": heldout[:, 0].astype(np.int64),
        }

    def _resized(
        self, batches: list[UInt8[np.ndarray, "n record"]]
    ) -> Iterator[UInt8[np.ndarray, "3 size size"]]:
        from wganbench.data.raw.pixels import resized

        for batch in batches:
            for record in batch:
                yield resized(record[1:].reshape(SHAPE), self.size)


def _records(path: Path, largest: int) -> UInt8[np.ndarray, "n record"]:
    """Return a file's records; all six files have the same number."""
    size = path.stat().st_size
    if size != largest:
        raise UserError(f"{path}: has {size} bytes, another batch {largest}; unpack it again")
    if size % RECORD or not size:
        raise UserError(f"{path}: has {size} bytes, no multiple of {RECORD}; unpack it again")
    records = np.memmap(path, np.uint8, mode="r").reshape(-1, RECORD)
    if records[:, 0].max() >= CLASSES:
        raise UserError(f"{path}: has a label above {CLASSES - 1}; unpack it again")
    return records
