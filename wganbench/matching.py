"""Categories matched with classes, one to one: what unsupervised labels are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Int


def joint_counts(
    categories: Int[np.ndarray, " n"], classes: Int[np.ndarray, " n"], shape: tuple[int, int]
) -> Int[np.ndarray, "category class"]:
    """Return how often each category goes with each class."""
    counts = np.zeros(shape, dtype=np.int64)
    np.add.at(counts, (categories, classes), 1)
    return counts


def matched(counts: Int[np.ndarray, "category class"]) -> Int[np.ndarray, " category"]:
    """Return the class of each category by the assignment that most samples agree with.

    No class is taken twice (Kuhn 1955, the Hungarian method); where there are fewer classes than
    categories, -1 stands for those that are left without one.
    """
    from scipy.optimize import linear_sum_assignment  # planning imports this module

    found = np.full(len(counts), -1)
    rows, columns = linear_sum_assignment(counts, maximize=True)
    found[rows] = columns
    return found


def matched_share(counts: Int[np.ndarray, "category class"]) -> float:
    """Return the share of samples whose class is the one matched with their category."""
    classes = matched(counts)
    known = classes >= 0
    return float(counts[known, classes[known]].sum() / counts.sum())


def information(counts: Int[np.ndarray, "category class"]) -> float:
    """Return the mutual information of category and class in nats, as their shares have it."""
    joint = counts / counts.sum()
    apart = joint.sum(1, keepdims=True) * joint.sum(0, keepdims=True)
    known = joint > 0
    return float(max((joint[known] * np.log(joint[known] / apart[known])).sum(), 0.0))
