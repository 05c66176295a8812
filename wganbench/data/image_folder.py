"""Any folder of images."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from wganbench.data import HELDOUT_SIZE, Images
from wganbench.data.raw.folders import folders_below, image_files, left_out
from wganbench.data.raw_images import FEWEST, HELDOUT_SHARE, RawImages, Size, split
from wganbench.errors import UserError
from wganbench.plugins import Since
from wganbench.records.layout import RAW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jaxtyping import Int, UInt8


class ImageFolder(RawImages):
    """The images in a folder and below, resized and cropped as in [WGAN]'s official code.

    One in five is held out, at most 20,000.
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
    labels: Annotated[
        Literal["none", "folders"],
        Field(
            description="folders: each folder in it is a class, as torchvision's ImageFolder has "
            "it, and one in five of each is held out; fidelity then has a classifier. none: what "
            "folders mean only their owner knows.",
            json_schema_extra={"slug": {"none": "", "folders": "labelled"}},
        ),
        Since("0.2", absent="none"),
    ] = "none"
    source: ClassVar[str] = "the user's images"

    @property
    def shape(self) -> tuple[int, int, int]:
        return (1 if self.grey else 3, self.size, self.size)

    @property
    def labelled(self) -> bool:  # type: ignore[override]
        return self.labels == "folders"

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
        if self.labelled:
            labels = _classes(files, self.path)
            held = _of_each(labels, self.path, rng)
        else:
            held = split(len(files), self.path, rng)
        train = rng.permutation(np.setdiff1d(np.arange(len(files)), held))
        columns: dict[str, np.ndarray | Images] = {
            name: self.images(len(part), partial(self._decoded, files, part))
            for name, part in (("train", train), ("heldout", held))
        }
        if self.labelled:
            columns |= {"labels": labels[train], "heldout_labels": labels[held]}
        return columns

    def _decoded(
        self, files: Sequence[str], places: np.ndarray
    ) -> Iterator[UInt8[np.ndarray, "channel size size"]]:
        from wganbench.data.raw.pixels import read_image, square

        for place in places:
            path = self.path / files[place]
            yield square(read_image(path, str(path), self.shape[0]), self.size)


def _classes(files: Sequence[str], folder: Path) -> Int[np.ndarray, " n"]:
    """Return each image's class: the place of its first folder among all, by name.

    Raises:
        UserError: an image lies in no folder, or there is one folder alone.
    """
    tops = [PurePath(file).parts[0] if len(PurePath(file).parts) > 1 else "" for file in files]
    if "" in tops:
        lost = files[tops.index("")]
        raise UserError(f"{folder / lost}: lies in no class's folder; data.labels is folders")
    names = sorted(set(tops))
    if len(names) == 1:
        raise UserError(f"{folder}: holds one folder alone, {names[0]}; two classes are needed")
    places = {name: place for place, name in enumerate(names)}
    return np.array([places[top] for top in tops], dtype=np.int64)


def _of_each(
    labels: Int[np.ndarray, " n"], folder: Path, rng: np.random.Generator
) -> Int[np.ndarray, " m"]:
    """Return the places of one image in five of each class, in random order, at most 20,000.

    Raises:
        UserError: a class has one image alone.
    """
    held = []
    for label in np.unique(labels):
        places = np.flatnonzero(labels == label)
        if len(places) < FEWEST:
            raise UserError(f"{folder}: a class has {len(places)} image; {FEWEST} are needed")
        held.append(rng.choice(places, max(1, len(places) // HELDOUT_SHARE), replace=False))
    return rng.permutation(np.concatenate(held))[:HELDOUT_SIZE]
