"""Feature spaces, by name: where images become the vectors that fidelity is measured on.

A space is a small class with a name, weights and the layers that torch-fidelity is asked for.
Numbers of two spaces have nothing in common: everything measured carries its space's `made.tag`.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from wganbench.data import DataSet
from wganbench.errors import UserError
from wganbench.fidelity.inception import find_weights
from wganbench.fidelity.library import torch_fidelity
from wganbench.fidelity.registered import register
from wganbench.records.extractor import INCEPTION, classifier_name
from wganbench.records.layout import EXTRACTORS

# Fixed: the last bits of features depend on the batch that an image lies in.
BATCH = 256


@dataclass(frozen=True)
class Features:
    """What a space makes of images."""

    features: Float[Tensor, "n feature"]
    logits: Float[Tensor, "n class"]

    def __getitem__(self, places: Any) -> "Features":
        return Features(self.features[places], self.logits[places])

    def __len__(self) -> int:
        return len(self.features)


@dataclass(frozen=True)
class ClassifierSpace:
    """The classifier trained on the data set itself."""

    data_id: str
    folder: Path = EXTRACTORS
    # torch-fidelity's names of the features and of the logits.
    layers: ClassVar[tuple[str, str]] = ("features", "logits")
    tells_classes: ClassVar[bool] = True  # the logits are those of the data set's own classes
    kept: ClassVar[int] = 60_000  # training images whose features are kept: 15 MB

    @property
    def name(self) -> str:
        """The name under which torch-fidelity knows it."""
        return classifier_name(self.data_id)

    @property
    def weights(self) -> Path:
        """The weights' file, which the rule `extractor` writes."""
        return self.folder / f"{self.data_id}.safetensors"


@dataclass(frozen=True)
class InceptionSpace:
    """The usual space: Inception v3 as torch-fidelity ports it from TensorFlow."""

    name: str = INCEPTION
    layers: ClassVar[tuple[str, str]] = ("2048", "logits_unbiased")
    tells_classes: ClassVar[bool] = False
    kept: ClassVar[int] = 10_000  # 80 MB

    @cached_property
    def weights(self) -> Path:
        """The weights' file, which the user provides: refused where it is another."""
        return find_weights()


Space = ClassifierSpace | InceptionSpace


def space_of(data: DataSet, extractor: str, folder: Path = EXTRACTORS) -> Space:
    """Return the space in which a data set is measured."""
    return InceptionSpace() if extractor == "inception" else ClassifierSpace(data.id, folder)


def load(space: Space) -> torch_fidelity.FeatureExtractorBase:
    """Return torch-fidelity's extractor of a space, on the CPU."""
    if isinstance(space, ClassifierSpace):
        register(space.name)
    return torch_fidelity.utils.create_feature_extractor(
        space.name, list(space.layers), cuda=False, verbose=False,
        feature_extractor_weights_path=str(space.weights),
    )  # fmt: skip


def features_of(
    extractor: torch_fidelity.FeatureExtractorBase,
    space: Space,
    images: UInt8[np.ndarray, "n channel row col"],
) -> Features:
    """Return features and logits, extracted by torch-fidelity's own loop."""
    found = torch_fidelity.utils.get_featuresdict_from_dataset(
        as_rgb(images), extractor, BATCH, cuda=False, save_cpu_ram=True, verbose=False
    )
    return Features(*(found[layer] for layer in space.layers))


def as_rgb(images: np.ndarray) -> "RgbImages":
    """Return images as torch-fidelity reads them.

    Raises:
        UserError: an image is not finite: as 8-bit it would pass for a valid grey or black one.
    """
    if images.dtype != np.uint8:
        lost = int((~np.isfinite(images)).reshape(len(images), -1).any(1).sum())
        if lost:
            raise UserError(f"{lost} of {len(images)} images are not finite; they have no fidelity")
        images = np.clip(np.round((images + 1) * 127.5), 0, 255).astype(np.uint8)
    return RgbImages(images)


class RgbImages(torch.utils.data.Dataset[Tensor]):
    """8-bit images as RGB; a grey one has three equal channels."""

    def __init__(self, images: UInt8[np.ndarray, "n channel row column"]) -> None:
        self.images = images

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, place: int) -> UInt8[Tensor, "3 row column"]:
        image = torch.from_numpy(np.array(self.images[place]))
        return image.expand(3, *image.shape[1:])
