"""What the convolutional architectures have in common: the images that they fit."""

from __future__ import annotations

from math import log2

SMALLEST_MAP = 4  # of pixels: where generators begin and critics end


class SquareImages:
    """Mixin of architectures that double or halve a map: square images of size 8, 16, 32, ..."""

    def misfit(self, shape: tuple[int, ...]) -> str:
        """Return why not, unless samples are square images of size 8, 16, 32, ..."""
        if len(shape) == 3 and shape[1] == shape[2] >= 2 * SMALLEST_MAP:
            doublings = log2(shape[1] / SMALLEST_MAP)
            if doublings.is_integer():
                return ""
        return f"needs square images of size 8, 16, 32, ..., but a sample has shape {shape}"

    def channels_and_doublings(self, shape: tuple[int, ...]) -> tuple[int, int]:
        """Return channels and how often the size halves before the smallest map."""
        misfit = self.misfit(shape)
        assert not misfit, misfit
        return shape[0], (shape[1] // SMALLEST_MAP).bit_length() - 1
