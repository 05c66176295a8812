"""IDX files, as MNIST and Fashion-MNIST are published in, plain or compressed by gzip.

torchvision's reader takes no compressed file and answers a damaged one with an assertion.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from wganbench.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from jaxtyping import UInt8

BYTES = 8  # the type code of unsigned bytes


def read_idx(path: Path, dimensions: int) -> UInt8[np.ndarray, "*shape"]:
    """Return an array of bytes with so many dimensions.

    Raises:
        UserError: the file is damaged or holds something else.
    """
    content = _content(path)
    start = 4 + 4 * dimensions
    if content[:4] != bytes([0, 0, BYTES, dimensions]) or len(content) < start:
        raise UserError(f"{path}: is no IDX file of bytes in {dimensions} dimensions; replace it")
    shape = struct.unpack(f">{dimensions}I", content[4:start])
    if len(content) - start != prod(shape):
        raise UserError(
            f"{path}: holds {len(content) - start} bytes, its header says {prod(shape)}; replace it"
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)


def _content(path: Path) -> bytes:
    if path.suffix != ".gz":
        return path.read_bytes()
    try:
        with gzip.open(path) as file:
            return file.read()
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UserError(f"{path}: is damaged ({error}); replace it") from None
