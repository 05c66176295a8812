"""Folders of image files, with whatever else lies in them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# torchvision.datasets.folder.IMG_EXTENSIONS
SUFFIXES = (".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp")


def image_files(folder: Path) -> list[str]:
    """Return the image files in a folder and below, by their paths from there, sorted.

    Other files are no concern of ours, nor are hidden ones, which some systems put beside images.
    """
    found = [
        os.path.relpath(os.path.join(parent, name), folder)  # noqa: PTH118 - millions of them
        for parent, names in _walk(folder)
        for name in names
        if name.lower().endswith(SUFFIXES) and not name.startswith(".")
    ]
    return sorted(found, key=os.fsencode)


def folders_below(folder: Path) -> list[str]:
    """Return the folder and those below it, sorted; their times show when a file came or went."""
    return sorted(parent for parent, _ in _walk(folder))


def _walk(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Walk along links to folders too, but into no folder twice."""
    seen = set()
    for parent, below, names in os.walk(folder, followlinks=True):
        real = os.path.realpath(parent)
        if real in seen:
            below.clear()
            continue
        seen.add(real)
        below[:] = sorted(name for name in below if not name.startswith("."))
        yield parent, names
