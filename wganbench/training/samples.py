"""`samples.npz`: what was generated, with the critic's values on exactly these samples."""

from dataclasses import dataclass, fields
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from jaxtyping import Bool, Float, Int64

from wganbench.errors import UserError
from wganbench.files import written_atomically

SCHEMA_VERSION = 1
HALF_RANGE = 127.5  # grey levels per unit, for images in [-1, 1] saved in 8 bits


@dataclass(frozen=True)
class Samples:
    """Generated and held-out real samples of a run. Images are saved in 8 bits (see `as_floats`).

    A diverged replica's samples are meaningless: `valid` is False there.
    """

    seeds: Int64[np.ndarray, " seed"]
    iterations: Int64[np.ndarray, " evaluation"]
    valid: Bool[np.ndarray, "seed evaluation"]
    generated: np.ndarray  # seed evaluation n *shape
    real: np.ndarray  # n *shape
    critic_generated: Float[np.ndarray, "seed evaluation n"]
    critic_real: Float[np.ndarray, "seed evaluation n"]
    # On real samples, generated ones and interpolates, in this order.
    gradient_norms: Float[np.ndarray, "seed evaluation 3 n"]
    # Of the critic's loss with respect to the output of each layer of an MLP critic, at the end.
    layer_gradient_norm: Float[np.ndarray, "seed layer"] | None = None
    grid_points: Float[np.ndarray, "point dim"] | None = None
    grid_values: Float[np.ndarray, "seed point"] | None = None
    grid_gradient_norm: Float[np.ndarray, "seed point"] | None = None


def write_samples(samples: Samples, path: Path) -> None:
    """Write the file, atomically."""
    arrays = {f.name: getattr(samples, f.name) for f in fields(samples)}
    present = {name: array for name, array in arrays.items() if array is not None}
    with written_atomically(path) as temporary, temporary.open("wb") as file:
        np.savez(file, schema_version=np.int64(SCHEMA_VERSION), **present)


def read_samples(path: Path) -> Samples:
    """Return a run's samples.

    Raises:
        UserError: the file is missing, damaged or of another schema version.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            content = dict(arrays)
    except FileNotFoundError:
        raise UserError(f"{path}: is missing; train the run first") from None
    except (BadZipFile, ValueError, OSError, KeyError) as error:
        raise UserError(f"{path}: is damaged ({error}); delete it and train again") from None
    version = content.pop("schema_version", None)
    if version is None or int(version) != SCHEMA_VERSION:
        raise UserError(f"{path}: has schema version {version}, not {SCHEMA_VERSION}; train again")
    try:
        return Samples(**content)
    except TypeError as error:
        raise UserError(f"{path}: {error}; train again") from None


def as_floats(samples: np.ndarray) -> Float[np.ndarray, "*any"]:
    """Return samples as floats; 8-bit images come back in [-1, 1], as the critic saw them."""
    if samples.dtype == np.uint8:
        return samples.astype(np.float32) / np.float32(HALF_RANGE) - 1
    return samples
