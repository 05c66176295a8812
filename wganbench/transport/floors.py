"""What a distance stands beside: those between fresh samples, the same for all runs on a data set.

They are a third of what a run's distances take, so that a run takes over what another has measured
on the same samples by the same code. That is only a cache: it may be deleted when nothing runs.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from wganbench.errors import UserError
from wganbench.grey_levels import floats_of
from wganbench.locks import writing
from wganbench.records.tables import code_of, columns, read_table, schema, source_of, write_table
from wganbench.records.transport import OF_DATA
from wganbench.transport.exact import exact_w1, floor

if TYPE_CHECKING:
    from jaxtyping import Float

    from wganbench.data import Arrays

FLOORS = Path("scratch/floors")
FRESH_DRAWS = 5
SCHEMA = schema("floors", 1, columns(pa.float64(), OF_DATA))
SOLVERS = ("pot", "numpy", "scipy")

Floors = dict[str, float | None]
"""The columns `OF_DATA` of a run's distances."""


def floors(name: str, real: Float[np.ndarray, "n *shape"], arrays: Arrays, code: str) -> Floors:
    """Return the distances beside those to a held-out sample, measured or taken over.

    Whoever needs the same ones at the same time waits for the first to have measured them.

    Args:
        name: of the data set.
        real: the held-out sample.
        arrays: the data set.
        code: the digest of the code that measures.

    Raises:
        UserError: as `exact_w1`.
    """
    size = f"{name}-{len(real)}"
    path, origin = FLOORS / f"{size}.parquet", _digest(real, arrays)
    with writing(FLOORS.name, (size,), patience=inf):
        if (kept := _kept(path, code, origin)) is not None:
            return kept
        made = _measured(real, arrays)
        with suppress(UserError, OSError):  # a disk without room is no reason to lose the numbers
            write_table([made], SCHEMA, path, code, source=origin)
    return made


def _measured(real: Float[np.ndarray, "n *shape"], arrays: Arrays) -> Floors:
    train = floats_of(arrays.train)
    found = floor(real, train, len(real), FRESH_DRAWS, np.random.default_rng(0))
    fresh = _fresh_distances(arrays, len(real))
    return {
        "floor": float(found.mean()),
        "floor_sd": float(found.std(ddof=1)),
        "w1_fresh": None if fresh is None else float(fresh.mean()),
        "w1_fresh_sd": None if fresh is None else float(fresh.std(ddof=1)),
    }


def _digest(real: np.ndarray, arrays: Arrays) -> str:
    """Return a digest of all that decides these distances besides this project's code."""
    digest = sha256(" ".join(map(version, SOLVERS)).encode())
    for array in (real, arrays.train, arrays.train_model):
        if array is not None:
            digest.update(f"{array.dtype.str}{array.shape}".encode())
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _kept(path: Path, code: str, origin: str) -> Floors | None:
    """Return a file's row; None where it is damaged, or of other samples or code."""
    try:
        table = read_table(path, SCHEMA, "measure again")
    except UserError:
        return None
    if (code_of(table), source_of(table), len(table)) != (code, origin, 1):
        return None
    return dict(table.to_pylist()[0])


def _fresh_distances(arrays: Arrays, n: int) -> Float[np.ndarray, " draw"] | None:
    """Return exact W1 between disjoint training samples of a pair's laws; None for other data.

    None too where the training part holds fewer than two of them.

    All seeds of a run are measured on one held-out sample: their spread leaves its chance out.
    """
    if arrays.train_model is None:
        return None
    pairs = min(len(arrays.train), len(arrays.train_model)) // n
    if pairs < 2:  # of a small set of the user's own
        return None
    draws = [slice(k * n, (k + 1) * n) for k in range(min(pairs, FRESH_DRAWS))]
    return np.array([exact_w1(arrays.train[d], arrays.train_model[d]) for d in draws])
