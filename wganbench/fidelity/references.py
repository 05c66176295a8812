"""What an FID of an image set means: the FIDs of images that no trained generator makes.

Each is measured as a run's FID is, against all held-out images, by as many images where there are
so many. A run whose `samples` are fewer than the held-out images is compared with the first so many
of them. FID is biased upwards in few images (Binkowski et al. 2018, arXiv 1801.01401, section 4),
so that for such a run these references, of more images, are the stricter bar.
"""

import numpy as np
import torch
from jaxtyping import Bool, Int
from scipy.cluster.vq import kmeans2, vq

from wganbench.fidelity.extractors import Features, features_of
from wganbench.fidelity.library import torch_fidelity
from wganbench.fidelity.metrics import Statistics, fid, statistics
from wganbench.records.extractor import References

SEED = 0  # of which real images are taken, and of the noise
LEVELS = 256
BLACK, GREY = 0, 128  # what -1 and 0 are as 8 bits
FEWEST = 2  # images that have a covariance
CLUSTERS = 10  # as many as most labelled sets have classes
CLUSTERED = 10_000  # images that the means are found among


def measured_references(
    extractor: torch_fidelity.FeatureExtractorBase,
    train: Features,
    heldout: Features,
    labels: Int[np.ndarray, " n"] | None,
    shape: tuple[int, ...],
) -> References:
    """Return the references of an image set in a feature space.

    Args:
        extractor: that of the space.
        train: the features of real training images.
        heldout: the features of the held-out images.
        labels: the classes of the training images; clusters of their features stand for classes
            where there are none, as of LSUN's bedrooms.
        shape: that of an image: channel, row, column.
    """
    n, target = len(heldout), statistics(heldout.features)
    classes = _of_classes(train, _clusters(train) if labels is None else labels, n, target)
    noise = np.random.default_rng(SEED).integers(LEVELS, size=(n, *shape), dtype=np.uint8)
    black, grey = (
        # Of equal images one is enough: Inception takes a tenth of a second for each.
        features_of(extractor, np.full((1, *shape), level, np.uint8))[[0] * n]
        for level in (BLACK, GREY)
    )
    return References(
        half_of_classes=classes[0],
        one_class=classes[1],
        black=_distance(black, target),
        grey=_distance(grey, target),
        noise=_distance(features_of(extractor, noise), target),
    )


def _clusters(train: Features) -> Int[np.ndarray, " n"]:
    """Return for each image the nearest of ten means of the features (k-means)."""
    features = train.features.numpy()
    some = np.random.default_rng(SEED).permutation(len(features))[:CLUSTERED]
    means, _ = kmeans2(features[some], CLUSTERS, minit="++", rng=SEED)
    nearest: np.ndarray = vq(features, means)[0]
    return nearest


def _of_classes(
    train: Features, labels: Int[np.ndarray, " n"], n: int, target: Statistics
) -> tuple[float | None, float | None]:
    """Return the FIDs of the first half of the classes and of one class, by up to n images.

    Of one class it is the median over classes: which one is the largest, where they differ in size
    at all, is chance, and it may be an odd one (of MNIST the ones). Real images are drawn without
    replacement, so that a small class has fewer than n.
    """
    classes = np.unique(labels)
    half = _drawn(train, np.isin(labels, classes[: len(classes) // 2]), n)
    alone = [_drawn(train, labels == one, n) for one in classes]
    distances = [_distance(images, target) for images in alone if len(images) >= FEWEST]
    return (
        _distance(half, target) if len(half) >= FEWEST else None,
        float(np.median(distances)) if distances else None,
    )


def _drawn(train: Features, wanted: Bool[np.ndarray, " n"], most: int) -> Features:
    places = np.random.default_rng(SEED).permutation(np.flatnonzero(wanted))[:most]
    return train[torch.from_numpy(places)]


def _distance(images: Features, target: Statistics) -> float:
    # A squared distance, of which rounding may leave less than 0.
    return max(fid(statistics(images.features), target), 0.0)
