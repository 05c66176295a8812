"""The two things that [InfoGAN] figure 2 says continuous codes move: a digit's slant and width."""

from collections.abc import Callable, Mapping

import numpy as np
from jaxtyping import Float, UInt8
from scipy.stats import spearmanr

Images = UInt8[np.ndarray, "n channel row column"]


def slant(images: Images) -> Float[np.ndarray, " n"]:
    """Return columns to the left per row upwards, by the moments of the ink; 0 of no ink."""
    ink, rows, columns = _centred(images)
    along = (ink * rows**2).sum((1, 2))
    across = (ink * rows * columns).sum((1, 2))
    leaning: np.ndarray = np.divide(across, along, out=np.zeros_like(across), where=along > 0)
    return leaning


def width(images: Images) -> Float[np.ndarray, " n"]:
    """Return the standard deviation of the ink's columns, in columns."""
    ink, _, columns = _centred(images)
    spread: np.ndarray = np.sqrt((ink * columns**2).sum((1, 2)))
    return spread


MEASURED: Mapping[str, Callable[[Images], Float[np.ndarray, " n"]]] = {
    "slant": slant,
    "width": width,
}


def follows(
    code: Float[np.ndarray, " step"], of_images: Float[np.ndarray, "category step"]
) -> float:
    """Return how closely a measure goes up or down with the code: mean |Spearman| of categories.

    NaN where it is the same along every row.
    """
    known = [spearmanr(code, row).statistic for row in of_images if np.ptp(row) > 0]
    return float(np.abs(known).mean()) if known else float("nan")


def _centred(images: Images) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return each image's ink, of sum 1, and rows and columns from its middle."""
    grey = images.astype(np.float64).sum(1)
    total = grey.sum((1, 2), keepdims=True)
    ink = np.divide(grey, total, out=np.zeros_like(grey), where=total > 0)
    rows, columns = np.indices(grey.shape[1:], dtype=float)
    middle = [(ink * places).sum((1, 2))[:, None, None] for places in (rows, columns)]
    return ink, rows - middle[0], columns - middle[1]
