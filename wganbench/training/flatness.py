"""Whether a critic tells samples apart at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float

# Values that differ by less than so many roundings of the largest are rounding errors.
ROUNDINGS = 100


def is_flat(
    critic_real: Float[np.ndarray, " n"], critic_generated: Float[np.ndarray, " m"]
) -> bool:
    """Whether all values agree up to rounding: a critic clipped to nothing is flat.

    Its gradient norm is as small as its values' differences, and their quotient is noise.
    """
    values = np.concatenate([critic_real, critic_generated])
    rounding = np.finfo(values.dtype).eps * np.abs(values).max()
    return bool(np.ptp(values) <= ROUNDINGS * rounding)
