"""`results/extractors/ID.json`: how an image set's feature space was made. Imports no torch."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from wganbench.errors import UserError
from wganbench.files import check_readable, sha256_of
from wganbench.plugins import Strict
from wganbench.records.json_files import read_json

SCHEMA_VERSION = 2
INCEPTION = "inception-v3-compat"  # torch-fidelity's name: TensorFlow's weights and resizing
# Of the published weights; torch-fidelity's name for the file ends in its first digits.
INCEPTION_SHA256 = "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2"
RANDOM = "random-convolutions-1"  # the number goes up with whatever changes the features
TAG_DIGITS = 8


def tag(name: str, digest: str) -> str:
    """Return a space's name with its weights' digest: equal tags, comparable numbers."""
    return f"{name}@{digest[:TAG_DIGITS]}"


def classifier_name(data_id: str) -> str:
    """Return the name under which torch-fidelity knows a data set's own classifier."""
    return f"classifier-{data_id}"


class References(Strict):
    """What an FID of an image set means: FIDs, against its held-out images, of images like these.

    See `wganbench.fidelity.references`.
    """

    half_of_classes: Annotated[
        float | None,
        Field(ge=0, description="Real images of half of the classes; null if there is one class."),
    ]
    one_class: Annotated[
        float | None,
        Field(ge=0, description="Real images of one class, the median over classes; or null."),
    ]
    black: Annotated[float, Field(ge=0, description="Black images.")]
    grey: Annotated[float, Field(ge=0, description="Grey images.")]
    noise: Annotated[float, Field(ge=0, description="Images of uniform noise.")]


class Made(Strict):
    """The content of results/extractors/ID.json: how a feature space was made."""

    schema_version: int = SCHEMA_VERSION
    id: Annotated[str, Field(description="The data set's name and settings.")]
    extractor: Annotated[str, Field(description="The space's name and its weights' digest.")]
    accuracy: Annotated[
        float | None, Field(description="Share of held-out images that a classifier gets right.")
    ]
    classes: Annotated[int | None, Field(description="Classes that the data set has.")]
    train_images: Annotated[int, Field(description="Training images whose features are kept.")]
    heldout_images: Annotated[int, Field(description="Held-out images whose features are kept.")]
    references: Annotated[References, Field(description="What an FID in this space means.")]
    seconds: Annotated[float, Field(description="Wall-clock seconds, features included.")]
    data_sha256: Annotated[str, Field(description="Digest of the data file.")]
    sha256: Annotated[str, Field(description="Digest of the .npz file with the features.")]
    code_digest: Annotated[str, Field(description="Digest of the code that made it.")]


def read_made(path: Path) -> Made:
    """Return how a feature space was made.

    Raises:
        UserError: the file is missing, damaged or of another schema version.
    """
    return read_json(path, Made, SCHEMA_VERSION, _remedy(path))


def _remedy(path: Path) -> str:
    return f"run `wganbench extractor {path.stem}`"


def check_made(path: Path) -> Made:
    """Return how a space was made, after checking its files against the .json at `path`.

    Raises:
        UserError: one of them is missing or damaged.
    """
    made, remedy = read_made(path), _remedy(path)
    if made.id != path.stem:
        raise UserError(f"{path}: id: is that of another data set, {made.id}; {remedy}")
    _check(path.with_suffix(".npz"), made.sha256, remedy)
    expected = tag(INCEPTION, INCEPTION_SHA256)
    if made.classes is not None:  # a classifier's own weights lie beside it
        digits = made.extractor.rpartition("@")[2]
        digest = _check(path.with_suffix(".safetensors"), digits, remedy)
        expected = tag(classifier_name(made.id), digest)
    if made.extractor != expected:  # every measurement will carry this name
        raise UserError(f"{path}: extractor: {made.extractor!r} is not {expected!r}; {remedy}")
    return made


def _check(path: Path, digits: str, remedy: str) -> str:
    check_readable(path, remedy)
    digest = sha256_of(path)
    if not digits or not digest.startswith(digits):
        raise UserError(f"{path}: is damaged, its sha256 is not that in {path.stem}.json; {remedy}")
    return digest
