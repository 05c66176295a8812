"""From an image file of any kind to the square 8-bit images that a data set holds.

Nothing is augmented. Every pixel is what torchvision's Resize and CenterCrop give, which [WGAN]'s
official code calls, without the 600 MB that importing it takes.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wganbench.errors import UserError
from wganbench.files import check_readable

if TYPE_CHECKING:
    from jaxtyping import UInt8
    from PIL import Image

MODES = {1: "L", 3: "RGB"}
SIXTEEN_BITS = ("I;16", "I;16L", "I;16B", "I;16N")
# Those of the suffixes that are looked for. Pillow would hand PostScript to an interpreter.
FORMATS = ("JPEG", "PNG", "PPM", "BMP", "TIFF", "WEBP")
MAX_PIXELS = 100_000_000  # decoding takes 4 bytes for each, twice
UNBOUNDED = ("I", "F")  # pixels that could be anything: no rule fixes what is white


def read_image(source: Path | bytes, where: str, channels: int) -> Image.Image:
    """Return an image upright, grey or in colour; what is transparent becomes white.

    Raises:
        UserError: it is no image, or damaged.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    if isinstance(source, Path):
        check_readable(source, "replace or remove it")
    try:
        with (
            warnings.catch_warnings(),
            Image.open(
                BytesIO(source) if isinstance(source, bytes) else source, "r", FORMATS
            ) as im,
        ):
            # What Pillow warns of are oddities, but for images of more pixels than a camera's.
            warnings.simplefilter("ignore")
            if im.width * im.height > MAX_PIXELS:
                raise ValueError(f"{im.width}x{im.height} pixels, more than {MAX_PIXELS:,}")
            return _in_mode(ImageOps.exif_transpose(im), channels)
    except UnidentifiedImageError:
        reason = f"it is none of {', '.join(FORMATS)}"
    except Exception as error:  # a damaged file takes Pillow's readers anywhere
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    raise UserError(f"{where}: cannot be read as an image ({reason}); replace or remove it")


def _as_file(source: Path | bytes) -> Path | BytesIO:
    return BytesIO(source) if isinstance(source, bytes) else source


def _in_mode(image: Image.Image, channels: int) -> Image.Image:
    from PIL import Image

    if image.mode in UNBOUNDED:
        raise ValueError(f"mode {image.mode}")
    if image.mode in SIXTEEN_BITS:  # Pillow would clip them
        image = Image.fromarray((np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8))
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image.convert("RGBA"))
    return image.convert(MODES[channels])


def square(image: Image.Image, size: int) -> UInt8[np.ndarray, "channel size size"]:
    """Resize the shorter side to `size` and cut out the centre, as [WGAN]'s official code does."""
    from PIL.Image import Resampling

    shorter = min(image.size)
    scaled = [size if side == shorter else size * side // shorter for side in image.size]
    return _as_array(centre(image.resize(scaled, Resampling.BILINEAR), size))


def centre(image: Image.Image, size: int) -> Image.Image:
    """Cut out the centre."""
    left, top = (round((side - size) / 2) for side in image.size)
    return image.crop((left, top, left + size, top + size))


def resized(
    pixels: UInt8[np.ndarray, "channel n n"], size: int
) -> UInt8[np.ndarray, "channel size size"]:
    """Resize a square image; one of the right size stays as it is."""
    from PIL import Image

    if pixels.shape[-1] == size:
        return pixels
    grey = len(pixels) == 1
    return square(Image.fromarray(pixels[0] if grey else pixels.transpose(1, 2, 0)), size)


def _as_array(image: Image.Image) -> UInt8[np.ndarray, "channel row column"]:
    pixels = np.asarray(image)
    return pixels[None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)
