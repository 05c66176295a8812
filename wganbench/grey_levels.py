"""Images between values in [-1, 1] and the 8-bit grey levels that files hold: x / 127.5 - 1.

What are no images, or floats already, stay as they are. Torch is not imported: tensors bring it.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float, Shaped, UInt8
    from torch import Tensor

HALF_RANGE = 127.5  # grey levels per unit
LIGHTEST = 255


def as_tensor(samples: np.ndarray) -> Shaped[Tensor, "n *shape"]:
    """Return samples as they are, in the same memory; nothing is ever written to them."""
    from torch import from_numpy

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The given NumPy array is not writable")
        return from_numpy(samples)


def as_floats(samples: Shaped[Tensor, "*any"]) -> Float[Tensor, "*any"]:
    """Return samples as floats: grey levels become values in [-1, 1]."""
    return samples if samples.is_floating_point() else samples.float() / HALF_RANGE - 1


def as_levels(images: Float[Tensor, "*any"]) -> UInt8[Tensor, "*any"]:
    """Return images in [-1, 1] as grey levels; what lies outside is clamped.

    NaN has no grey level and becomes grey: whoever saves looks at finiteness first.
    """
    levels = ((images.nan_to_num(0.0) + 1) * HALF_RANGE).round()
    return levels.clamp(0, LIGHTEST).byte()


def floats_of(samples: Shaped[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
    """Return an array's samples as floats: grey levels come back in [-1, 1], in single precision.

    They are what `as_floats` makes of them, as the critic saw them.
    """
    if samples.dtype == np.uint8:
        return samples.astype(np.float32) / np.float32(HALF_RANGE) - 1
    return samples


def levels_of(images: Shaped[np.ndarray, "*any"]) -> UInt8[np.ndarray, "*any"]:
    """Return an array of images as grey levels; what lies outside [-1, 1] is clamped."""
    if images.dtype == np.uint8:
        return images
    return np.clip(np.round((images + 1) * HALF_RANGE), 0, LIGHTEST).astype(np.uint8)
