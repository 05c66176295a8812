"""Data files: `data/ID.npz` with the arrays and `data/ID.json`, the manifest with its sha256."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field, ValidationError

from wganbench.data import Arrays, DataSet
from wganbench.errors import UserError
from wganbench.files import sha256_of, written_atomically
from wganbench.plan.digest import data_code
from wganbench.plan.explain import explain
from wganbench.plan.plugins import Strict

DATA = Path("data")
SCHEMA_VERSION = 2
# The data are part of the benchmark, so their seed is a constant and no setting.
DATA_SEED = 20170126  # [WGAN]'s day on arXiv


class Manifest(Strict):
    """What a data file holds, so that a reader can tell a damaged or foreign one."""

    schema_version: Annotated[int, Field(description="Version of this schema.")]
    id: Annotated[str, Field(description="The data set's name and settings.")]
    settings: Annotated[dict[str, Any], Field(description="The data set as plain data.")]
    source: Annotated[str, Field(description="Where the law or the images come from.")]
    kind: Annotated[str, Field(description="law, pair or images.")]
    shapes: Annotated[dict[str, list[int]], Field(description="Shape of each array.")]
    sha256: Annotated[str, Field(description="Digest of the .npz file.")]
    code_digest: Annotated[str, Field(description="Digest of the modules that wrote it.")]


def write_data(data: DataSet, folder: Path = DATA) -> Path:
    """Generate a data set and write its two files; return the .npz file's path.

    Raises:
        UserError: a file that the data set needs is missing.
    """
    path = folder / f"{data.id}.npz"
    generated = data.generate(np.random.default_rng(DATA_SEED))
    arrays = {key: array for key, array in asdict(generated).items() if array is not None}
    with written_atomically(path) as temporary, temporary.open("wb") as file:
        np.savez(file, **arrays)
    manifest = Manifest(
        schema_version=SCHEMA_VERSION,
        id=data.id,
        settings=data.model_dump(mode="json"),
        source=data.source,
        kind=data.kind,
        shapes={key: list(array.shape) for key, array in arrays.items()},
        sha256=sha256_of(path),
        code_digest=data_code(data),
    )
    with written_atomically(path.with_suffix(".json")) as temporary:
        temporary.write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return path


def read_data(data: DataSet, folder: Path = DATA) -> Arrays:
    """Return a data set's arrays after checking them against the manifest.

    Raises:
        UserError: a file is missing, damaged, of another data set or of another schema version.
    """
    path = folder / f"{data.id}.npz"
    manifest = check_file(path)
    if manifest.settings != data.model_dump(mode="json"):
        raise UserError(f"{path.with_suffix('.json')}: describes another data set; {_remedy(path)}")
    with np.load(path, allow_pickle=False) as arrays:
        return Arrays(**arrays)


def check_file(path: Path) -> Manifest:
    """Return a data file's manifest if the file's sha256 is the one in it.

    Raises:
        UserError: one of the two is missing or damaged.
    """
    manifest = read_manifest(path.with_suffix(".json"), _remedy(path))
    try:
        digest = sha256_of(path)
    except FileNotFoundError:
        raise UserError(f"{path}: is missing; {_remedy(path)}") from None
    if digest != manifest.sha256:
        raise UserError(f"{path}: is damaged, its sha256 is not the manifest's; {_remedy(path)}")
    return manifest


def _remedy(path: Path) -> str:
    return f"run `wganbench data {path.stem}`"


def read_manifest(path: Path, remedy: str) -> Manifest:
    """Return a data file's manifest.

    Raises:
        UserError: it is missing, damaged or of another schema version.
    """
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise UserError(f"{path}: is missing; {remedy}") from None
    except ValidationError as error:
        raise UserError(f"{path}: {explain(error)}; {remedy}") from None
    if manifest.schema_version != SCHEMA_VERSION:
        raise UserError(
            f"{path}: schema_version: {manifest.schema_version}, not {SCHEMA_VERSION}; {remedy}"
        )
    return manifest
