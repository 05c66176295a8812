"""Folders of image files, with whatever else lies in them."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

from wganbench.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# torchvision.datasets.folder.IMG_EXTENSIONS
SUFFIXES = (".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp")


def image_files(folder: Path) -> tuple[list[str], Counter[str]]:
    """Return the image files in a folder and below, and how many others are left out.

    Hidden files, which some systems put beside images, are no concern of anybody's.

    Args:
        folder: where they are; links below it are followed.

    Returns:
        The images' paths from there, sorted; of other files how many have each suffix.

    Raises:
        UserError: a folder cannot be read, or a link leads nowhere: images would be lost.
    """
    found: list[str] = []
    others: Counter[str] = Counter()
    for parent, names in _walk(folder):
        for name in names:
            if name.startswith("."):
                continue
            path = os.path.join(parent, name)  # noqa: PTH118 - millions of them
            if name.lower().endswith(SUFFIXES):
                found.append(os.path.relpath(path, folder))
            elif os.path.islink(path) and not os.path.exists(path):  # noqa: PTH110, PTH114
                raise UserError(f"{path}: is a link to nothing; mend it, or take it away")
            else:
                others[os.path.splitext(name)[1].lower() or "no suffix"] += 1  # noqa: PTH122
    return sorted(found, key=os.fsencode), others


def left_out(others: Counter[str]) -> str:
    """Return in words how many files are no images by their names, nothing if there are none."""
    if not others:
        return ""
    kinds = ", ".join(f"{suffix} {count}" for suffix, count in others.most_common(5))
    return f"{others.total()} files are left out, by their names no images ({kinds})"


def folders_below(folder: Path) -> list[str]:
    """Return the folder and those below it, sorted; their times show when a file came or went."""
    return sorted(parent for parent, _ in _walk(folder))


def _walk(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Walk along links to folders too, but into no folder twice."""
    seen = set()
    for parent, below, names in os.walk(folder, followlinks=True, onerror=_refuse):
        real = os.path.realpath(parent)
        if real in seen:
            below.clear()
            continue
        seen.add(real)
        below[:] = sorted(name for name in below if not name.startswith("."))
        yield parent, names


def _refuse(error: OSError) -> None:
    """Refuse a folder that cannot be read, which os.walk would pass over.

    One that is not there at all has no folders below it.
    """
    if not isinstance(error, FileNotFoundError):
        raise UserError(f"{error.filename}: cannot be read ({error.strerror}); give the permission")
