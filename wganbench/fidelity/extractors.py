"""Feature spaces, by name: where images become the vectors that fidelity is measured on.

Numbers of two spaces have nothing in common: everything measured carries its space's `made.tag`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from wganbench.data import DataSet
from wganbench.errors import UserError
from wganbench.fidelity.inception import find_weights
from wganbench.fidelity.library import torch_fidelity
from wganbench.fidelity.registered import register
from wganbench.grey_levels import levels_of
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
class Space:
    """A feature space: a name, weights, and the layers that torch-fidelity is asked for."""

    name: str
    """The name under which torch-fidelity knows it."""
    weights: Path
    layers: tuple[str, str]
    """torch-fidelity's names of the features and of the logits."""
    knows_classes: bool
    """Whether it was trained on the data set itself: the logits are those of the set's classes."""
    kept: int
    """Training images whose features are kept."""
    device: str = "cpu"
    """Where its network computes."""


def space_of(
    data: DataSet, extractor: str, folder: Path = EXTRACTORS, device: str = "cpu"
) -> Space:
    """Return the space in which a data set is measured: a classifier in the folder, or Inception.

    A classifier is small and computes on the CPU; the device is Inception's.

    Raises:
        UserError: Inception's weights, which the user provides, are missing or others.
    """
    if extractor == "inception":
        return inception_space(device)
    weights = folder / f"{data.id}.safetensors"  # 15 MB are kept
    return Space(classifier_name(data.id), weights, ("features", "logits"), True, 60_000)


def inception_space(device: str = "cpu") -> Space:
    """Return Inception v3's, as torch-fidelity ports it from TensorFlow: one for all sets.

    Raises:
        UserError: the weights, which the user provides, are missing or others.
    """
    layers = ("2048", "logits_unbiased")
    return Space(INCEPTION, find_weights(), layers, False, 10_000, device)  # 80 MB are kept


def load(space: Space) -> torch_fidelity.FeatureExtractorBase:
    """Return torch-fidelity's extractor of a space, on the space's device."""
    if space.knows_classes:
        register(space.name)
    return torch_fidelity.utils.create_feature_extractor(
        space.name, list(space.layers), cuda=space.device == "cuda", verbose=False,
        feature_extractor_weights_path=str(space.weights),
    )  # fmt: skip


def features_of(
    extractor: torch_fidelity.FeatureExtractorBase,
    images: UInt8[np.ndarray, "n channel row col"],
) -> Features:
    """Return features and logits, extracted by torch-fidelity's own loop where the extractor is.

    Convolutions are in full float32, so that a GPU's features are a CPU's but for rounding.
    """
    cuda = any(parameter.is_cuda for parameter in extractor.parameters())
    with torch.backends.cudnn.flags(enabled=True, deterministic=True, allow_tf32=False):
        found = torch_fidelity.utils.get_featuresdict_from_dataset(
            as_rgb(images), extractor, BATCH, cuda=cuda, save_cpu_ram=True, verbose=False
        )
    return Features(*(found[layer] for layer in extractor.features_list))


def as_rgb(images: np.ndarray) -> "RgbImages":
    """Return images as torch-fidelity reads them.

    Raises:
        UserError: an image is not finite: as 8-bit it would pass for a valid grey or black one.
    """
    if images.dtype != np.uint8:
        lost = int((~np.isfinite(images)).reshape(len(images), -1).any(1).sum())
        if lost:
            raise UserError(f"{lost} of {len(images)} images are not finite; they have no fidelity")
    return RgbImages(levels_of(images))


class RgbImages(torch.utils.data.Dataset[Tensor]):
    """8-bit images as RGB; a grey one has three equal channels."""

    def __init__(self, images: UInt8[np.ndarray, "n channel row column"]) -> None:
        self.images = images

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, place: int) -> UInt8[Tensor, "3 row column"]:
        image = torch.from_numpy(np.array(self.images[place]))
        return image.expand(3, *image.shape[1:])
