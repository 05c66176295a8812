"""The Swiss roll in two dimensions, as in [GP]'s official toy code (gan_toy.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from wganbench.data import HELDOUT_SIZE, TRAIN_SIZE, Arrays, DataSet

if TYPE_CHECKING:
    from jaxtyping import Float

NOISE = 0.25
DIVISOR = 7.5


class SwissRoll(DataSet):
    """scikit-learn's Swiss roll, noise 0.25, columns 0 and 2, divided by 7.5."""

    name: Literal["swissroll"] = "swissroll"
    source: ClassVar[str] = "[GP] gan_toy.py, DATASET='swissroll'"
    shape: ClassVar[tuple[int, ...]] = (2,)

    def generate(self, rng: np.random.Generator) -> Arrays:
        return Arrays(train=_roll(TRAIN_SIZE, rng), heldout=_roll(HELDOUT_SIZE, rng))


def _roll(n: int, rng: np.random.Generator) -> Float[np.ndarray, "n 2"]:
    from sklearn.datasets import make_swiss_roll

    points, _ = make_swiss_roll(n, noise=NOISE, random_state=int(rng.integers(2**32)))
    scaled: np.ndarray = points[:, [0, 2]] / DIVISOR
    return scaled.astype(np.float32)
