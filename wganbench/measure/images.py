"""Quality of a set of images, each number beside what equally many real images get."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wganbench.errors import UserError
from wganbench.fidelity.pyramids import has_pyramid, pyramid_distances

if TYPE_CHECKING:
    from jaxtyping import UInt8

    from wganbench.fidelity.extractors import Features, Space
    from wganbench.measure.image_sets import Reference

DRAWS = 5
NAMES = {
    "fid": ("FID", "lower"),
    "kid": ("KID", "lower"),
    "precision": ("precision", "higher"),
    "recall": ("recall", "higher"),
    "isc": ("Inception score", "higher"),
    "classes_held": ("classes held", "higher"),
}


Rows = list[np.ndarray]


@dataclass(frozen=True)
class Quality:
    """A number of a set of images, and what real images get."""

    name: str
    better: str
    """lower or higher."""
    value: float
    spread: float
    """Standard deviation over random halves of the images."""
    floor: float
    floor_sd: float


@dataclass(frozen=True)
class ImagesMeasured:
    """A set of images, and how far it is from real ones."""

    first: str
    reference: str
    n: int
    m: int
    drawn: int
    """Real images in each draw of a floor."""
    shape: tuple[int, ...]
    space: str
    """The feature space, with the digest of its weights."""
    qualities: tuple[Quality, ...]


def measure_images(
    images: UInt8[np.ndarray, "n channel size size"],
    reference: Reference,
    space: Space | None = None,
    *,
    name: str = "images",
    seed: int = 0,
) -> ImagesMeasured:
    """Return the distance of patches at each level and, in a feature space, FID and its like.

    Without a space KID is that of random features.

    Args:
        images: generated images, say.
        reference: real images, and further ones for the floor.
        space: where FID, KID, precision and recall are taken; none: KID alone, elsewhere.
        name: what the images are called.
        seed: of what is drawn.

    Raises:
        UserError: the images are of another shape, or too few.
    """
    if images.shape[1:] != reference.images.shape[1:]:
        raise UserError(
            f"{name}: images are {_size(images)}, those of {reference.name} "
            f"{_size(reference.images)}; bring them to one size"
        )
    if len(images) < 4:
        raise UserError(f"{name}: holds {len(images)} images; at least 4 are needed")
    drawn = min(len(images), len(reference.further))
    rng = np.random.default_rng(seed)
    halves = [rng.permutation(len(images))[: len(images) // 2] for _ in range(DRAWS)]
    reals = [rng.permutation(len(reference.further))[:drawn] for _ in range(DRAWS)]
    found = _pyramids(images, reference, halves, reals, seed)
    if space is None:
        tagged, more = _random(images, reference, halves, reals)
        found += more
    else:
        from wganbench.files import sha256_of
        from wganbench.records.extractor import tag

        tagged = tag(space.name, sha256_of(space.weights))
        found += _featured(images, reference, space, halves, reals)
    return ImagesMeasured(
        name, reference.name, len(images), len(reference.images), drawn,
        tuple(images.shape[1:]), tagged, tuple(found),
    )  # fmt: skip


def _size(images: np.ndarray) -> str:
    return "x".join(map(str, images.shape[1:]))


def _pyramids(
    images: np.ndarray, reference: Reference, halves: Rows, reals: Rows, seed: int
) -> list[Quality]:
    """Return the patches' distance at each level and their mean, if the images are large enough."""
    if not has_pyramid(images):
        return []

    def distances(some: np.ndarray) -> dict[str, float]:
        levels = pyramid_distances(some, reference.images, seed)
        mean = {"mean of levels": float(np.mean(list(levels.values())))} if len(levels) > 1 else {}
        return {**{f"{rows} rows": value for rows, value in levels.items()}, **mean}

    made = _qualities(distances, images, reference.further, halves, reals)
    return [Quality(f"patches, {name}", "lower", *numbers) for name, numbers in made.items()]


def _featured(
    images: np.ndarray, reference: Reference, space: Space, halves: Rows, reals: Rows
) -> list[Quality]:
    from wganbench.fidelity.extractors import features_of, load
    from wganbench.fidelity.images import Reference as InSpace

    network = load(space)
    generated, real, further = (
        features_of(network, some) for some in (images, reference.images, reference.further)
    )
    # As a run is measured: by as many held-out images as there are samples.
    held = InSpace(further, real[: len(images)], space.knows_classes)

    def full(features: Features) -> dict[str, float]:
        return {name: value for name, value in held.full(features).items() if name in NAMES}

    made = _qualities(full, generated, further, halves, reals)
    return [Quality(NAMES[name][0], NAMES[name][1], *made[name]) for name in NAMES if name in made]


def _random(
    images: np.ndarray, reference: Reference, halves: Rows, reals: Rows
) -> tuple[str, list[Quality]]:
    """Return the space of random features and the KID there."""
    from wganbench.fidelity.metrics import kid
    from wganbench.fidelity.random_features import RandomFeatures

    space = RandomFeatures(images.shape[1])
    generated, real, further = (
        space.features(some) for some in (images, reference.images, reference.further)
    )
    held = real[: len(images)]
    made = _qualities(lambda some: {"kid": kid(some, held)}, generated, further, halves, reals)
    return space.tag, [Quality("KID, random features", "lower", *made["kid"])]


def _qualities(
    measure: Callable[[Any], dict[str, float]], whole: Any, further: Any, halves: Rows, reals: Rows
) -> dict[str, tuple[float, float, float, float]]:
    """Return value, spread, floor and its standard deviation, by name, of images or features."""
    value = measure(whole)
    spread = [measure(whole[rows]) for rows in halves]
    floors = [measure(further[rows]) for rows in reals]
    return {
        name: (
            float(value[name]),
            float(np.std([one[name] for one in spread], ddof=1)),
            float(np.mean([one[name] for one in floors])),
            float(np.std([one[name] for one in floors], ddof=1)),
        )
        for name in value
    }
