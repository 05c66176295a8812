"""From an image file of any kind to the square 8-bit images that a data set holds.

Nothing is augmented. Every pixel is what torchvision's Resize and CenterCrop give, which [WGAN]'s
official code calls, without the 600 MB that importing it takes.
"""

from __future__ import annotations

import sys
import warnings
from functools import cache
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
ORIENTATION = 0x0112  # EXIF's tag
# Pillow's Image.Transpose: how to turn what was taken so (ImageOps.exif_transpose).
TURNS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
TWELVE_BITS = 4096
UNBOUNDED = ("I", "F")  # pixels that could be anything: no rule fixes what is white


def read_image(source: Path | bytes, where: str, channels: int) -> Image.Image:
    """Return an image upright, grey or in colour; what is transparent becomes white.

    Raises:
        UserError: it is no image, or damaged.
    """
    from PIL import Image, PngImagePlugin, UnidentifiedImageError

    # What is written beside the pixels is not looked at; 64 MiB of it is no reason to refuse them.
    PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY

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
            return _in_mode(_upright(im), channels, where)
    except UnidentifiedImageError:
        reason = f"it is none of {', '.join(FORMATS)}"
    except Exception as error:  # a damaged file takes Pillow's readers anywhere
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    raise UserError(f"{where}: cannot be read as an image ({reason}); replace or remove it")


def _upright(image: Image.Image) -> Image.Image:
    """Turn an image as its EXIF tag says; one whose tags cannot be read stays as it is."""
    from PIL import Image

    image.load()  # damaged pixels are an error, and no odd tag
    try:
        orientation = image.getexif().get(ORIENTATION, 1)
    except Exception:  # an odd tag takes Pillow's reader anywhere, and the pixels are whole
        orientation = 1
    turn = TURNS.get(orientation)
    return image if turn is None else image.transpose(Image.Transpose(turn))


def _in_mode(image: Image.Image, channels: int, where: str) -> Image.Image:
    from PIL import Image

    if image.mode == "I" and image.format == "PPM":  # 16 bits, which Pillow holds in 32
        image = _from_sixteen_bits(np.asarray(image), where)
    if image.mode in UNBOUNDED:
        raise ValueError(f"mode {image.mode}")
    if image.mode in SIXTEEN_BITS:  # Pillow would clip them
        image = _from_sixteen_bits(np.asarray(image).astype(np.uint16), where)
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image.convert("RGBA"))
    return image.convert(MODES[channels])


def _from_sixteen_bits(levels: np.ndarray, where: str) -> Image.Image:
    from PIL import Image

    if levels.size and levels.max() < TWELVE_BITS:
        _say_dark(str(Path(where).parent))
    return Image.fromarray((levels >> 8).astype(np.uint8))


@cache
def _say_dark(folder: str) -> None:
    """Say once of a folder that its 16-bit images may be 12-bit ones: nearly black, if so."""
    sys.stderr.write(
        f"{folder}: holds 16-bit images without a level above {TWELVE_BITS - 1}; if they are of 12 "
        "bits, multiply them by 16: as they are they become nearly black\n"
    )


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
