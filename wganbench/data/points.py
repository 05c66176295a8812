"""The user's own points, as a law to learn or as a pair of laws."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field, PositiveInt

from wganbench.data import HELDOUT_SIZE, Arrays, DataSet, PairOfLaws
from wganbench.data.raw_images import HELDOUT_SHARE
from wganbench.errors import UserError
from wganbench.records.layout import RAW

if TYPE_CHECKING:
    from jaxtyping import Float

# A name and no path: the same experiment file then means the same on every machine.
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}\.(npy|npz|csv|parquet)$")]
ABOUT = "in raw/, or of a link there: one row a point, as .npy, .npz, .csv or .parquet."
Dim = Annotated[
    PositiveInt,
    Field(
        le=10_000,
        description="Coordinates of a point, which nets are planned by.",
        json_schema_extra={"slug": "d"},
    ),
]


class Points(DataSet):
    """Points of the user's, in random order; one in five is held out."""

    name: Literal["points"] = "points"
    file: Annotated[
        FileName, Field(description=f"Name of a file {ABOUT}", json_schema_extra={"slug": ""})
    ]
    dim: Dim
    source: ClassVar[str] = "the user's points"
    heldout_size: ClassVar[int | None] = None

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.dim,)

    def raw_files(self) -> list[Path]:
        return [RAW / self.file]

    def missing(self) -> str:
        return _missing([self.file])

    def generate(self, rng: np.random.Generator) -> Arrays:
        """Return both parts, in float32.

        Raises:
            UserError: the file is missing or damaged, or holds too few points or others.
        """
        train, heldout = _split(self.file, self.dim, rng)
        return Arrays(train=train, heldout=heldout)


class PointsPair(PairOfLaws):
    """Two files of points, for critics between them; the second stands for the model's law."""

    name: Literal["points-pair"] = "points-pair"
    file: Annotated[
        FileName,
        Field(description=f"Name of the real points' file {ABOUT}", json_schema_extra={"slug": ""}),
    ]
    model_file: Annotated[
        FileName,
        Field(description=f"Name of the other's {ABOUT}", json_schema_extra={"slug": "to"}),
    ]
    dim: Dim
    source: ClassVar[str] = "the user's points"
    heldout_size: ClassVar[int | None] = None

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.dim,)

    def raw_files(self) -> list[Path]:
        return [RAW / self.file, RAW / self.model_file]

    def missing(self) -> str:
        return _missing([self.file, self.model_file])

    def generate(self, rng: np.random.Generator) -> Arrays:
        """Return both parts of both laws, in float32.

        Raises:
            UserError: a file is missing or damaged, or holds too few points or others.
        """
        train, heldout = _split(self.file, self.dim, rng)
        train_model, heldout_model = _split(self.model_file, self.dim, rng)
        return Arrays(train, heldout, train_model, heldout_model)


def _missing(files: list[str]) -> str:
    absent = next((RAW / file for file in files if not (RAW / file).exists()), None)
    return f"{absent}: is missing; put a file of points there, or a link to one" if absent else ""


def _split(
    file: str, dim: int, rng: np.random.Generator
) -> tuple[Float[np.ndarray, "n dim"], Float[np.ndarray, "m dim"]]:
    from wganbench.data.raw.point_files import read_points

    path = RAW / file
    points = read_points(path)
    if points.shape[1] != dim:
        raise UserError(f"{path}: points have {points.shape[1]} coordinates, and data.dim is {dim}")
    return split_points(points, str(path), rng)


def split_points(
    points: Float[np.ndarray, "n dim"], where: str, rng: np.random.Generator
) -> tuple[Float[np.ndarray, "n dim"], Float[np.ndarray, "m dim"]]:
    """Return a part to train on and a held-out one, in random order.

    Raises:
        UserError: there are too few points for both.
    """
    if len(points) < HELDOUT_SHARE:
        raise UserError(f"{where}: holds {len(points)} points, at least {HELDOUT_SHARE} are needed")
    held = min(HELDOUT_SIZE, len(points) // HELDOUT_SHARE)
    mixed = points[rng.permutation(len(points))].astype(np.float32)
    return mixed[held:], mixed[:held]
