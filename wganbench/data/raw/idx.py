"""IDX files, as MNIST and Fashion-MNIST are published in, plain or compressed by gzip.

torchvision's reader takes no compressed file and answers a damaged one with an assertion.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from math import prod
from typing import IO, TYPE_CHECKING, cast

import numpy as np

from wganbench.errors import UserError
from wganbench.files import check_readable

if TYPE_CHECKING:
    from pathlib import Path

    from jaxtyping import UInt8

BYTES = 8  # the type code of unsigned bytes
LARGEST = 1 << 30  # bytes of an array; MNIST's largest has 47 million


def read_idx(path: Path, dimensions: int) -> UInt8[np.ndarray, "*shape"]:
    """Return an array of bytes with so many dimensions.

    Raises:
        UserError: the file is damaged or holds something else.
    """
    check_readable(path, "replace it")
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return _array(path, cast("IO[bytes]", file), dimensions)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UserError(f"{path}: is damaged ({error}); replace it") from None


def _array(path: Path, file: IO[bytes], dimensions: int) -> UInt8[np.ndarray, "*shape"]:
    start = 4 + 4 * dimensions
    header = file.read(start)
    if header[:4] != bytes([0, 0, BYTES, dimensions]) or len(header) < start:
        raise UserError(f"{path}: is no IDX file of bytes in {dimensions} dimensions; replace it")
    shape = struct.unpack(f">{dimensions}I", header[4:])
    size = prod(shape)
    if size > LARGEST:
        raise UserError(f"{path}: says that it holds {size} bytes; replace it")
    # No more than that, and one: a small compressed file may hold any number of bytes.
    content = file.read(size + 1)
    if len(content) != size:
        found = "more" if len(content) > size else len(content)
        raise UserError(f"{path}: holds {found} bytes, its header says {size}; replace it")
    return np.frombuffer(content, np.uint8).reshape(shape)
