"""Sliced Wasserstein distance of patches in a Laplacian pyramid (Karras et al. 2018, section 5).

It needs no network, no labels and no weights: each level of the pyramid has details of one size,
and patches of two sets of images are compared there. Filter, patches and normalisation are those of
the authors' code as recalled; numbers are in the paper's unit, thousandths.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from wganbench.grey_levels import as_tensor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jaxtyping import Float, UInt8
    from torch import Tensor

COARSEST = 16  # rows of the pyramid's last level
PATCH = 7
PATCHES = 128  # of each image and level
PROJECTIONS = 512
UNIT = 1e3
MOST = 2000  # images a side: 256,000 patches a level, 300 MB
_LINE = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0]) / 16
_BATCH = 256


def pyramid_distances(
    x: UInt8[np.ndarray, "n channel row column"],
    y: UInt8[np.ndarray, "n channel row column"],
    seed: int = 0,
) -> dict[int, float]:
    """Return the distance at each level, by its rows, the finest first.

    Args:
        x: square images of 16 rows or more, a power of two; the first 2,000 are looked at.
        y: others of the same shape, as many at least.
        seed: of the patches and directions.

    Raises:
        ValueError: shapes differ or have no pyramid.
    """
    k = min(len(x), len(y), MOST)
    x, y = x[:k], y[:k]
    if x.shape != y.shape or not has_pyramid(x):
        raise ValueError(f"shapes {x.shape} and {y.shape}: not equal, square, of 16 rows or more")
    rng = np.random.default_rng(seed)
    places = {rows: _places(len(x), rows, rng) for rows in _levels(x.shape[2])}
    first, second = _descriptors(x, places), _descriptors(y, places)
    return {rows: UNIT * _sliced(first[rows], second[rows], rng) for rows in places}


def has_pyramid(images: np.ndarray) -> bool:
    """Return whether images are square, of 16 rows or more, a power of two."""
    rows, columns = map(int, images.shape[2:])
    return rows == columns and rows >= COARSEST and rows.bit_count() == 1


def _levels(rows: int) -> Iterator[int]:
    while rows >= COARSEST:
        yield rows
        rows //= 2


def _places(n: int, rows: int, rng: np.random.Generator) -> np.ndarray:
    """Draw where patches lie: the same places in both sets."""
    return rng.integers(0, rows - PATCH + 1, size=(n, PATCHES, 2))


def _descriptors(
    images: UInt8[np.ndarray, "n channel row column"], places: dict[int, np.ndarray]
) -> dict[int, Float[Tensor, "patch feature"]]:
    """Return each level's patches, every channel of mean 0 and standard deviation 1."""
    found: dict[int, list[Tensor]] = {rows: [] for rows in places}
    for start in range(0, len(images), _BATCH):
        batch = as_tensor(images[start : start + _BATCH]).float()
        for level in _pyramid(batch):
            rows = level.shape[-1]
            found[rows].append(_cut(level, places[rows][start : start + _BATCH]))
    return {rows: _normalised(torch.cat(patches)) for rows, patches in found.items()}


def _pyramid(images: Float[Tensor, "n channel row column"]) -> Iterator[Tensor]:
    """Yield what each size adds to the next smaller one, and at last the smallest itself."""
    while images.shape[-1] // 2 >= COARSEST:
        smaller = _filtered(images)[..., ::2, ::2]
        spread = torch.zeros_like(images)
        spread[..., ::2, ::2] = smaller
        yield images - 4 * _filtered(spread)
        images = smaller
    yield images


def _filtered(images: Float[Tensor, "n channel row column"]) -> Tensor:
    channels = images.shape[1]
    kernel = torch.outer(_LINE, _LINE).expand(channels, 1, 5, 5)
    padded = functional.pad(images, (2, 2, 2, 2), mode="reflect")
    return functional.conv2d(padded, kernel, groups=channels)


def _cut(level: Float[Tensor, "n channel row column"], places: np.ndarray) -> Tensor:
    windows = level.unfold(2, PATCH, 1).unfold(3, PATCH, 1)  # n channel row column 7 7
    rows, columns = torch.from_numpy(places).unbind(-1)
    return windows[torch.arange(len(level))[:, None], :, rows, columns].flatten(0, 1)


def _normalised(patches: Float[Tensor, "patch channel 7 7"]) -> Float[Tensor, "patch feature"]:
    mean = patches.mean((0, 2, 3), keepdim=True)
    sd = patches.std((0, 2, 3), correction=0, keepdim=True)
    return ((patches - mean) / sd.clamp_min(1e-8)).flatten(1)


def _sliced(x: Float[Tensor, "n d"], y: Float[Tensor, "n d"], rng: np.random.Generator) -> float:
    directions = torch.from_numpy(rng.normal(size=(x.shape[1], PROJECTIONS))).float()
    directions /= directions.norm(dim=0)
    total = 0.0
    for some in torch.split(directions.T, 32):
        # numpy sorts rows several times faster than torch does.
        along = [np.sort((some @ points.T).numpy(), axis=1) for points in (x, y)]
        total += float(np.abs(along[0] - along[1]).mean(1).sum())
    return total / PROJECTIONS
