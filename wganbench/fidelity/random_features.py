"""A feature space that needs no labels and no download: convolutions with fixed random weights.

Features of untrained networks stand in where no trained one fits the images (Naeem et al. 2020,
arXiv 2002.09797). Weights come from the raw output of numpy's Philox generator, which numpy
promises never to change, so that they are the same bit for bit everywhere; the space's name ends in
their digest.

Widths, and means over whole images instead of over quarters or sixteenths, were chosen on digits:
with these a standard deviation of the floor is smallest beside the KID of real digits that are
blurred, noisy, darker, shifted, or of half of the classes.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn.functional import conv2d, relu

from wganbench.fidelity.extractors import Features
from wganbench.grey_levels import as_floats, as_tensor, levels_of
from wganbench.records.extractor import RANDOM, tag

if TYPE_CHECKING:
    from jaxtyping import Float, UInt8
    from torch import Tensor

SEED = 20170126  # [WGAN]'s day on arXiv
WIDTHS = (32, 64, 128)  # filters; each convolution halves the image
_BATCH = 256


class RandomFeatures:
    """The space of images with so many channels."""

    def __init__(self, channels: int) -> None:
        self.weights = _weights(channels)
        digest = sha256(b"".join(weight.tobytes() for weight in self.weights)).hexdigest()
        self.tag = tag(f"{RANDOM}-{channels}", digest)

    def features(self, images: UInt8[np.ndarray, "n channel row column"]) -> Features:
        """Return each filter's mean over the image; there are no classes."""
        parts = range(0, len(images), _BATCH)
        found = torch.cat([self._means(images[start : start + _BATCH]) for start in parts])
        return Features(found, found[:, :0])

    @torch.no_grad()
    def _means(
        self, images: UInt8[np.ndarray, "n channel row column"]
    ) -> Float[Tensor, "n feature"]:
        x, found = as_floats(as_tensor(np.ascontiguousarray(levels_of(images)))), []
        for weight in self.weights:
            x = relu(conv2d(x, torch.from_numpy(weight), stride=2, padding=1))
            found.append(x.mean((2, 3)))
        return torch.cat(found, dim=1)


def _weights(channels: int) -> list[Float[np.ndarray, "filter channel 3 3"]]:
    """Return each convolution's filters, uniform, of variance 2 / inputs (He et al. 2015)."""
    bits = np.random.Philox(SEED)
    weights = []
    for inputs, filters in pairwise((channels, *WIDTHS)):
        shape = (filters, inputs, 3, 3)
        unit = (bits.random_raw(prod(shape)) >> 11) * 2.0**-53
        bound = (6 / (inputs * 9)) ** 0.5
        weights.append(((2 * unit - 1) * bound).reshape(shape).astype(np.float32))
    return weights
