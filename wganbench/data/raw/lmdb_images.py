"""Images in an LMDB, as LSUN is published: one encoded image for each key.

torchvision's reader keeps every key in memory and in a pickle in the working folder, which it
trusts at the next start; this one walks along the keys.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from wganbench.errors import UserError
from wganbench.files import check_readable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import lmdb
    import numpy as np
    from jaxtyping import Bool


def count_values(folder: Path) -> int:
    """Return how many keys there are.

    Raises:
        UserError: the database is damaged.
    """
    with _opened(folder) as environment:
        return int(environment.stat()["entries"])


def values_at(folder: Path, wanted: Bool[np.ndarray, " n"]) -> Iterator[tuple[str, bytes]]:
    """Yield key and value at each place that is wanted, in the order of the keys.

    Raises:
        UserError: the database is damaged.
    """
    with _opened(folder) as environment, environment.begin() as transaction:
        cursor = transaction.cursor()
        keys = cursor.iternext(keys=True, values=False)
        for key, take in zip(keys, wanted, strict=True):
            if take:  # values that are not wanted are never read from the disk
                yield key.decode(errors="backslashreplace"), cursor.value()


@contextmanager
def _opened(folder: Path) -> Iterator[lmdb.Environment]:
    import lmdb

    remedy = "unpack its archive again"
    file = folder / "data.mdb"
    check_readable(file, remedy)
    try:
        with lmdb.open(str(folder), readonly=True, lock=False, max_readers=1) as environment:
            pages = environment.info()["last_pgno"] + 1
            # The file is mapped: reading past its end would kill the process.
            if file.stat().st_size < pages * environment.stat()["psize"]:
                raise UserError(f"{file}: is truncated; {remedy}")
            yield environment
    except lmdb.Error as error:
        raise UserError(f"{file}: is damaged ({error}); {remedy}") from None
