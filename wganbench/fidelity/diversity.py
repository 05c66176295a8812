"""Mode collapse and memorisation as numbers."""

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from wganbench.fidelity.modes import LOOSE_SHARE

NEAREST_CHUNK = 512  # images whose distances to all training images are held at once


def label_counts(logits: Float[Tensor, "n class"]) -> Int[np.ndarray, " class"]:
    """Return how many images the classifier takes for each class."""
    counts: np.ndarray = torch.bincount(logits.argmax(1), minlength=logits.shape[1]).numpy()
    return counts


def entropy(counts: Int[np.ndarray, " class"]) -> float:
    """Return the entropy of a distribution of labels in nats; log of the classes for a fair one."""
    shares = counts[counts > 0] / counts.sum()
    return float(np.abs(-(shares * np.log(shares)).sum()))


def classes_held(counts: Int[np.ndarray, " class"]) -> int:
    """Return how many classes have a fifth of their fair share, as a mode held loosely."""
    return int((counts >= LOOSE_SHARE * counts.sum() / len(counts)).sum())


def nearest(
    points: Float[Tensor, "n feature"], train: Float[Tensor, "m feature"]
) -> tuple[Float[np.ndarray, " n"], Int[np.ndarray, " n"]]:
    """Return each point's distance to the nearest training point, and that one's place.

    Distances are taken exactly, from differences: a copy has distance 0.
    """
    found = [
        torch.cdist(chunk, train, compute_mode="donot_use_mm_for_euclid_dist").min(1)
        for chunk in torch.split(points, NEAREST_CHUNK)
    ]
    distances = torch.cat([f.values for f in found]).numpy()
    return distances, torch.cat([f.indices for f in found]).numpy()
