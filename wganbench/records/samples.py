"""`samples.npz`: what was generated, with the critic's values on exactly these samples."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from wganbench.errors import UserError
from wganbench.files import written_atomically
from wganbench.records.array_files import read_arrays

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int64

    from wganbench.plan.runs import Run

SCHEMA_VERSION = 2


@dataclass(frozen=True)
class Samples:
    """Generated and held-out real samples of a run. Images are saved in 8 bits (see `grey_levels`).

    A diverged replica's samples are meaningless: `valid` is False there.
    """

    seeds: Int64[np.ndarray, " seed"]
    iterations: Int64[np.ndarray, " evaluation"]
    valid: Bool[np.ndarray, "seed evaluation"]
    generated: np.ndarray  # seed evaluation n *shape
    real: np.ndarray  # n *shape
    # None of an algorithm without a critic.
    critic_generated: Float[np.ndarray, "seed evaluation n"] | None = None
    critic_real: Float[np.ndarray, "seed evaluation n"] | None = None
    # On real samples, generated ones and interpolates, in this order.
    gradient_norms: Float[np.ndarray, "seed evaluation 3 n"] | None = None
    # Of the critic's loss with respect to the output of each layer of an MLP critic.
    layer_gradient_norm: Float[np.ndarray, "seed evaluation layer"] | None = None
    grid_points: Float[np.ndarray, "point dim"] | None = None
    grid_values: Float[np.ndarray, "seed evaluation point"] | None = None
    grid_gradient_norm: Float[np.ndarray, "seed evaluation point"] | None = None


# Kinds of numbers and first axes of each array, as above: what a reader may rely on.
AXES = {
    "seeds": ("i", ("seed",)),
    "iterations": ("i", ("evaluation",)),
    "valid": ("b", ("seed", "evaluation")),
    "generated": ("fu", ("seed", "evaluation", "n")),
    "real": ("fu", ("n",)),
    "critic_generated": ("f", ("seed", "evaluation", "n")),
    "critic_real": ("f", ("seed", "evaluation", "n")),
    "gradient_norms": ("f", ("seed", "evaluation", "3", "n")),
    "layer_gradient_norm": ("f", ("seed", "evaluation", "layer")),
    "grid_points": ("f", ("point", "dim")),
    "grid_values": ("f", ("seed", "evaluation", "point")),
    "grid_gradient_norm": ("f", ("seed", "evaluation", "point")),
}


def write_samples(samples: Samples, path: Path) -> None:
    """Write the file, atomically."""
    arrays = {f.name: getattr(samples, f.name) for f in fields(samples)}
    present = {name: array for name, array in arrays.items() if array is not None}
    with written_atomically(path) as temporary, temporary.open("wb") as file:
        np.savez(file, schema_version=np.int64(SCHEMA_VERSION), **present)


def read_samples(path: Path, run: Run | None = None) -> Samples:
    """Return a run's samples; with `run`, after checking that they can be its own.

    Raises:
        UserError: the file is missing, damaged, of another schema version or of another run.
    """
    content = read_arrays(path, "train the run again")
    version = content.pop("schema_version", None)
    if version is None or version.shape or version != SCHEMA_VERSION:
        raise UserError(f"{path}: has schema version {version}, not {SCHEMA_VERSION}; train again")
    try:
        samples = Samples(**content)
        _check_axes(samples)
    except (TypeError, ValueError) as error:
        raise UserError(f"{path}: is damaged ({error}); train the run again") from None
    if run and (
        samples.seeds.tolist() != list(run.seeds)
        or samples.real.shape[1:] != run.configuration.data.shape
    ):
        raise UserError(f"{path}: is another run's file; train {run.id} again")
    return samples


def _check_axes(samples: Samples) -> None:
    lengths: dict[str, int] = {}
    for name, (kinds, axes) in AXES.items():
        array = getattr(samples, name)
        if array is None:
            continue
        if array.dtype.kind not in kinds or array.ndim < len(axes):
            raise ValueError(f"{name} is an array of {array.dtype} in {array.ndim} dimensions")
        for axis, length in zip(axes, array.shape, strict=False):
            if lengths.setdefault(axis, length) != length:
                raise ValueError(f"{name} has {length} along {axis}, not {lengths[axis]}")
    if samples.generated.shape[3:] != samples.real.shape[1:]:
        raise ValueError("generated and real samples have different shapes")
