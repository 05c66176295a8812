"""LSUN bedrooms, the papers' image set."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from wganbench.data import Arrays, ImageSet
from wganbench.errors import UserError

if TYPE_CHECKING:
    import numpy as np


class LSUNBedrooms(ImageSet):
    """Three million bedrooms at 64x64; planned for, not yet read."""

    name: Literal["lsun-bedrooms"] = "lsun-bedrooms"
    source: ClassVar[str] = "LSUN (Yu et al. 2015), [WGAN] section 4"

    @property
    def shape(self) -> tuple[int, ...]:
        """Colour images."""
        return (3, 64, 64)

    def generate(self, rng: np.random.Generator) -> Arrays:
        """Refuse: the set does not fit in memory and this version cannot stream it.

        Raises:
            UserError: always.
        """
        raise UserError(
            "data.name: lsun-bedrooms can be planned but not read by this version; "
            "use scale laptop or gpu, whose images are digits"
        )
