"""What critics of several constraints make of two samples, beside exact W1 of the same points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wganbench.data import Arrays
from wganbench.data.points import split_points
from wganbench.known_pairs import critic_settings, trained_critics
from wganbench.transport.exact import certified_w1
from wganbench.transport.samples import as_paired_points

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

MOST = 4096  # held-out points that estimates are measured on, as [KSB] do


@dataclass(frozen=True)
class CriticsEstimate:
    """What one method's critics, one per seed, make of two samples' held-out parts."""

    method: str
    seeds: int
    iterations: int
    estimate: float
    """Mean over seeds of the difference of the critic's means, as it is."""
    estimate_sd: float
    normalised: float | None
    """Mean of the estimate over the critic's largest gradient norm; none if one is flat."""
    w1: float
    """Exact, of the same points."""


def critics_of_points(
    x: ArrayLike,
    y: ArrayLike,
    methods: Sequence[str],
    *,
    names: tuple[str, str] = ("x", "y"),
    iterations: int = 3000,
    seeds: int = 2,
    device: str = "cpu",
) -> Iterator[CriticsEstimate]:
    """Train critics between two samples, on four fifths of each, and yield what they estimate.

    Points are trained on as they are: where their unit is far from 1, a critic of weights around 1
    learns nothing. Settings are [KSB]'s (section 5).

    Args:
        x: (n, dim), (n,) or images, which are flattened.
        y: the reference, with as many coordinates; the critic is high on it.
        methods: names as `known_pairs.SOLVERS` has them.
        names: what messages call the two.
        iterations: critic steps.
        seeds: how many critics of each method, trained side by side.
        device: cpu or cuda.

    Raises:
        UserError: a sample is empty, not finite or too small, dimensions differ, a method is
            unknown, or all of its critics diverged.
    """
    first, reference = as_paired_points(x, y, names)
    rng = np.random.default_rng(0)
    train, heldout = split_points(reference, names[1], rng)
    train_model, heldout_model = split_points(first, names[0], rng)
    k = min(len(heldout), len(heldout_model), MOST)
    arrays = Arrays(train, heldout[:k], train_model, heldout_model[:k])
    w1 = certified_w1(heldout_model[:k], heldout[:k]).w1
    for method in methods:
        configuration = critic_settings(
            method,
            {
                "data.name": "points-pair", "data.file": "y.npy", "data.model_file": "x.npy",
                "data.dim": first.shape[1], "iterations": iterations, "samples": k,
            },
        )  # fmt: skip
        table = trained_critics(configuration, arrays, tuple(range(seeds)), device)
        final = table[table["iteration"] == iterations]
        estimates, norms = final["estimate_heldout"], final["gradient_norm_max"]
        yield CriticsEstimate(
            method=method,
            seeds=len(final),
            iterations=iterations,
            estimate=float(estimates.mean()),
            estimate_sd=float(estimates.std()) if len(final) > 1 else 0.0,
            normalised=float((estimates / norms).mean()) if (norms > 0).all() else None,
            w1=w1,
        )
