"""Points from files as people have them: one row a sample, one column a coordinate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wganbench.errors import UserError
from wganbench.files import check_readable

if TYPE_CHECKING:
    from jaxtyping import Float
    from pyarrow import Table


def read_points(path: Path) -> Float[np.ndarray, "n dim"]:
    """Return a file's points in double precision; what has more axes is flattened.

    Raises:
        UserError: the file is missing, of another kind, or holds anything but finite numbers.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UserError(f"{path}: its name ends in none of {', '.join(READERS)}")
    check_readable(path, f"name a file of points ({', '.join(READERS)})", ours=False)
    try:
        found = reader(path)
    except UserError:
        raise
    except Exception as error:  # numpy, zipfile and pyarrow answer a wrong file with a dozen kinds
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise UserError(f"{path}: is no {path.suffix} file of points ({reason})") from None
    return _checked(found, path)


def _checked(found: np.ndarray, path: Path) -> Float[np.ndarray, "n dim"]:
    if found.dtype.kind not in "fiub":
        raise UserError(f"{path}: holds {found.dtype}, and points are real numbers")
    if found.ndim == 0 or found.size == 0:
        raise UserError(f"{path}: holds no points; one row a sample is wanted")
    points = np.asarray(found, dtype=np.float64).reshape(len(found), -1)
    broken = np.flatnonzero(~np.isfinite(points).all(axis=1))
    if len(broken):
        raise UserError(
            f"{path}: {len(broken)} of {len(points)} rows hold NaN or infinity, the first is row "
            f"{broken[0]}"
        )
    return points


def one_array(path: Path) -> np.ndarray:
    """Return the array of an .npy file, mapped, or the only one of an .npz file.

    Raises:
        UserError: the .npz file holds several.
    """
    found = np.load(path, allow_pickle=False, mmap_mode="r")
    if isinstance(found, np.ndarray):
        return found
    with found:
        names = list(found)
        if len(names) != 1:
            raise UserError(
                f"{path}: holds {len(names)} arrays ({', '.join(names)}); save the one that is "
                "meant alone"
            )
        array: np.ndarray = found[names[0]]
    return array


def _csv(path: Path) -> np.ndarray:
    """Read numbers between commas; a first line that is none of numbers is the columns' names."""
    from pyarrow.csv import ReadOptions, read_csv

    with path.open(encoding="utf-8") as file:
        first = file.readline().strip().split(",")
    bare = all(_is_number(cell) for cell in first)
    return _of_table(read_csv(path, ReadOptions(autogenerate_column_names=bare)), path)


def _parquet(path: Path) -> np.ndarray:
    from pyarrow.parquet import read_table

    return _of_table(read_table(path), path)


def _of_table(table: Table, path: Path) -> np.ndarray:
    from pyarrow import types

    if not table.num_rows:
        return np.empty((0, table.num_columns))
    for column in table.schema:
        if not (types.is_integer(column.type) or types.is_floating(column.type)):
            raise UserError(f"{path}: column {column.name!r} holds {column.type}, not numbers")
    columns = [table[name].to_numpy() for name in table.column_names]
    return np.stack(columns, axis=1) if columns else np.empty((0, 0))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


READERS: dict[str, Callable[[Path], np.ndarray]] = {
    ".npy": one_array,
    ".npz": one_array,
    ".csv": _csv,
    ".parquet": _parquet,
}
