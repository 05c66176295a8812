"""Images in an LMDB, as LSUN is published: one encoded image for each key.

torchvision's reader keeps every key in memory and in a pickle in the working folder, which it
trusts at the next start; this one walks along the keys.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import zip_longest
from typing import TYPE_CHECKING

from wganbench.errors import UserError
from wganbench.files import check_readable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import lmdb
    import numpy as np
    from jaxtyping import Bool

REMEDY = "unpack its archive again"
NODE_BYTES = 8  # before each key, in LMDB's pages


def count_values(folder: Path) -> int:
    """Return how many keys there are.

    Raises:
        UserError: the database is damaged.
    """
    with _opened(folder) as environment:
        count = int(environment.stat()["entries"])
    if count > (folder / "data.mdb").stat().st_size // NODE_BYTES:
        raise _damaged(folder, f"says that it holds {count:,} keys, more than have room")
    return count


def values_at(folder: Path, wanted: Bool[np.ndarray, " n"]) -> Iterator[tuple[str, bytes]]:
    """Yield key and value at each place that is wanted, in the order of the keys.

    Raises:
        UserError: the database is damaged.
    """
    with _opened(folder) as environment, environment.begin() as transaction:
        cursor = transaction.cursor()
        keys = cursor.iternext(keys=True, values=False)
        for key, take in zip_longest(keys, wanted):
            if key is None or take is None:
                raise _damaged(folder, "holds another number of keys than it says")
            if take:  # values that are not wanted are never read from the disk
                yield key.decode(errors="backslashreplace"), cursor.value()


@contextmanager
def _opened(folder: Path) -> Iterator[lmdb.Environment]:
    import lmdb

    file = folder / "data.mdb"
    check_readable(file, REMEDY)
    try:
        with lmdb.open(str(folder), readonly=True, lock=False, max_readers=1) as environment:
            pages = environment.info()["last_pgno"] + 1
            # The file is mapped: reading past its end would kill the process.
            if file.stat().st_size < pages * environment.stat()["psize"]:
                raise UserError(f"{file}: is truncated; {REMEDY}")
            yield environment
    except lmdb.Error as error:
        raise _damaged(folder, str(error)) from None


def _damaged(folder: Path, why: str) -> UserError:
    return UserError(f"{folder / 'data.mdb'}: is damaged ({why}); {REMEDY}")
