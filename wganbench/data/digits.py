"""scikit-learn's handwritten digits: 1,797 real images that need no download."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from wganbench.data import Arrays, ImageSet

SIZE = 16
BRIGHTEST = 16  # the set's grey values are 0, 1, ..., 16
HELDOUT_SHARE = 0.2


class Digits(ImageSet):
    """The 8x8 digits, interpolated bilinearly to 16x16, in [-1, 1]."""

    name: Literal["digits"] = "digits"
    labelled: ClassVar[bool] = True
    heldout_size: ClassVar[int | None] = 360
    source: ClassVar[str] = "scikit-learn load_digits (UCI optical recognition of digits, test set)"
    shape: ClassVar[tuple[int, ...]] = (1, SIZE, SIZE)

    def generate(self, rng: np.random.Generator) -> Arrays:
        """Return a training and a held-out part, both with every class in its share."""
        from scipy.ndimage import zoom
        from sklearn.datasets import load_digits
        from sklearn.model_selection import train_test_split

        loaded = load_digits()
        factor = SIZE / loaded.images.shape[-1]
        # grid_mode and nearest edges make order 1 bilinear interpolation between pixel centres.
        images = zoom(loaded.images, (1, factor, factor), order=1, grid_mode=True, mode="nearest")
        scaled = (2 * images / BRIGHTEST - 1).astype(np.float32)[:, None]
        train, heldout, labels, heldout_labels = train_test_split(
            scaled,
            loaded.target,
            test_size=HELDOUT_SHARE,
            stratify=loaded.target,
            random_state=int(rng.integers(2**32)),
        )
        return Arrays(train, heldout, labels=labels, heldout_labels=heldout_labels)
