"""In which feature space images are measured, if in any."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from wganbench.data import DataSet
from wganbench.errors import UserError
from wganbench.plugins import any_of
from wganbench.records.data import DATA, read_manifest
from wganbench.records.layout import EXTRACTORS

if TYPE_CHECKING:
    from wganbench.fidelity.extractors import Space


def made_data_set(name: str) -> DataSet | None:
    """Return the data set of this id if it is made and no file or folder has its name.

    Raises:
        UserError: its manifest is damaged, or describes no images.
    """
    path = DATA / f"{name}.npz"
    if Path(name).exists() or not path.with_suffix(".json").is_file():
        return None
    manifest = read_manifest(path)
    if manifest.kind != "images":
        raise UserError(f"{path}: holds no images; `wganbench measure points` takes points")
    try:
        any_data: TypeAdapter[DataSet] = TypeAdapter(any_of("wganbench.data", DataSet))
        return any_data.validate_python(manifest.settings)
    except ValidationError:
        raise UserError(f"{path}: is of a data set that is not known here") from None


def space_for(data: DataSet | None, *, inception: bool) -> Space | None:
    """Return the space for a reference; none where it has no labels and Inception is not asked for.

    Raises:
        UserError: the classifier is not made yet, or Inception's weights are missing or others.
    """
    from wganbench.fidelity.extractors import inception_space, space_of

    if inception:
        return inception_space()
    if data is None or not data.labelled:
        return None
    if not (EXTRACTORS / f"{data.id}.safetensors").is_file():
        raise UserError(
            f"{data.id}: its classifier is not made yet; run `wganbench extractor {data.id}`"
        )
    return space_of(data, "classifier")
