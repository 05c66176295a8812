"""Sets of images as people have them: a folder, an array in a file, or a data set that is made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wganbench.data.raw.point_files import one_array
from wganbench.errors import UserError
from wganbench.files import check_readable
from wganbench.grey_levels import levels_of

if TYPE_CHECKING:
    from jaxtyping import UInt8

    from wganbench.data import DataSet

CHANNELS = (1, 3)
SEED = 0


@dataclass(frozen=True)
class Reference:
    """Real images: those that others are held against, and further ones for the floor."""

    name: str
    images: UInt8[np.ndarray, "n channel size size"]
    further: UInt8[np.ndarray, "m channel size size"]
    data: DataSet | None = None
    """The data set whose held-out and training images they are."""


def read_reference(name: str, data: DataSet | None, size: int | None) -> Reference:
    """Return a data set's images as runs are measured by them, or two halves of the user's own.

    Args:
        name: the data set's id, a folder or a file.
        data: the data set, if the name is one's.
        size: rows to which a folder's images are brought; none: those of its first image.

    Raises:
        UserError: it is missing, damaged, or holds too few images.
    """
    if data is not None:
        from wganbench.records.data import read_data

        arrays = read_data(data)
        return Reference(name, levels_of(arrays.heldout), levels_of(arrays.train), data)
    images = read_images(Path(name), size)
    if len(images) < 4:
        raise UserError(f"{name}: holds {len(images)} images; at least 4 are needed, for a floor")
    mixed = images[np.random.default_rng(SEED).permutation(len(images))]
    return Reference(name, mixed[: len(mixed) // 2], mixed[len(mixed) // 2 :])


def read_images(
    path: Path, size: int | None = None, channels: int | None = None
) -> UInt8[np.ndarray, "n channel size size"]:
    """Return a folder's images, brought to one size, or an array's.

    Args:
        path: a folder, or a .npy or .npz file of one array (n, c, h, w), (n, h, w, c) or (n, h, w),
            in 8 bits or in [-1, 1].
        size: rows to which a folder's images are brought; none: those of its first image.
        channels: 1 or 3; none: those of the first image.

    Raises:
        UserError: it is missing, damaged, or holds something else.
    """
    return _folder(path, size, channels) if path.is_dir() else _array(path)


def _folder(path: Path, size: int | None, channels: int | None) -> np.ndarray:
    from wganbench.data.raw.folders import image_files
    from wganbench.data.raw.pixels import read_image, square

    files, _ = image_files(path)
    if not files:
        raise UserError(f"{path}: holds no images")
    if size is None or channels is None:
        first = read_image(path / files[0], str(path / files[0]), 3)
        size = size or min(first.size)
        pixels = np.asarray(first)
        grey = bool((pixels == pixels[..., :1]).all())
        channels = channels or (1 if grey else 3)
    return np.stack(
        [square(read_image(path / f, str(path / f), channels), size) for f in files]
    )  # fmt: skip


def _array(path: Path) -> np.ndarray:
    check_readable(path, "name a folder of images, or an .npy or .npz file", ours=False)
    try:
        found = one_array(path)
    except UserError:
        raise
    except Exception as error:  # numpy and zipfile answer a wrong file with a dozen kinds
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise UserError(f"{path}: is no array of images ({reason})") from None
    return levels_of(_channels_first(_in_range(found, path), path))


def _in_range(found: np.ndarray, path: Path) -> np.ndarray:
    if found.dtype == np.uint8:
        return found
    if found.dtype.kind == "f" and found.size and np.abs(found).max() <= 1:
        return found
    raise UserError(
        f"{path}: holds {found.dtype}; images are 8-bit grey levels, or floats in [-1, 1]"
    )


def _channels_first(found: np.ndarray, path: Path) -> np.ndarray:
    if found.ndim == 3:
        return found[:, None]
    if found.ndim == 4 and found.shape[1] in CHANNELS and found.shape[2] == found.shape[3]:
        return found
    if found.ndim == 4 and found.shape[3] in CHANNELS and found.shape[1] == found.shape[2]:
        return found.transpose(0, 3, 1, 2)
    raise UserError(f"{path}: of shape {found.shape}; images are square, n c h w or n h w c")
