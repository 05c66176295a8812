"""Distances between two samples of points, each beside its floor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from wganbench.errors import UserError
from wganbench.transport.exact import MEMORY_LIMIT, SolverError, certified_w1
from wganbench.transport.samples import as_paired_points

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy.typing import ArrayLike

    from wganbench.measure.critics import CriticsEstimate

DRAWS = 10
MOST = 2000  # samples a side in a draw: 0.6 s of exact transport
PROJECTIONS = 500
ENTROPY = 0.05  # of the reference's mean distance: Sinkhorn's weight of the entropy
MISPLACED = 0.01  # mass of an entropic plan that may lie elsewhere than it should
FEWEST = 4  # samples of the reference: two for the distance, two for its floor


@dataclass(frozen=True)
class Distance:
    """A distance of the samples, in their unit, beside what two samples of one law have."""

    name: str
    whole: float
    """Of the whole samples, which is biased upwards by their sizes."""
    certificate: float
    """By what the number may be wrong, as a share of it: `meaning` says in which way."""
    meaning: str
    drawn: float
    """Mean over draws of so many samples of each side."""
    drawn_sd: float
    low: float
    """2.5% and 97.5% of the draws."""
    high: float
    floor: float
    """Mean over draws of equally many samples, both of the reference."""
    floor_sd: float


@dataclass(frozen=True)
class PointsMeasured:
    """Two samples, and how far they are apart."""

    first: str
    reference: str
    n: int
    m: int
    dim: int
    drawn: int
    """Samples a side in each draw."""
    draws: int
    distances: tuple[Distance, ...]
    critics: tuple[CriticsEstimate, ...] = field(default=())


@dataclass(frozen=True)
class _Found:
    value: float
    certificate: float


Measure = Callable[["Float[np.ndarray, 'n dim']", "Float[np.ndarray, 'm dim']"], _Found]


def measure_points(
    x: ArrayLike,
    y: ArrayLike,
    *,
    names: tuple[str, str] = ("x", "y"),
    draws: int = DRAWS,
    seed: int = 0,
    memory_limit: int = MEMORY_LIMIT,
) -> PointsMeasured:
    """Return exact, sliced and entropic distances between two samples.

    A distance between samples is read beside its floor, the same distance between two samples of
    the reference: in many dimensions most of it is there between any two samples.

    Args:
        x: (n, dim), (n,) or images, which are flattened.
        y: the reference, with as many coordinates; sizes may differ.
        names: what messages and tables call the two.
        draws: how often parts are drawn for the floor and the spread.
        seed: of these draws and of the projections.
        memory_limit: bytes, as in `exact_w1`.

    Raises:
        UserError: a sample is empty, not finite or too small, dimensions differ, or memory would
            not do.
        SolverError: a number is not certified.
    """
    first, reference = as_paired_points(x, y, names)
    if len(reference) < FEWEST or len(first) < FEWEST // 2:
        raise UserError(
            f"{names[0]} and {names[1]}: hold {len(first)} and {len(reference)} samples; at least "
            f"{FEWEST // 2} and {FEWEST} are needed, as the floor is measured between two parts of "
            "the reference"
        )
    drawn = min(len(first), len(reference) // 2, MOST)
    rng = np.random.default_rng(seed)
    parts = [_parts(first, reference, drawn, rng) for _ in range(draws)]
    return PointsMeasured(
        *names, len(first), len(reference), first.shape[1], drawn, draws,
        tuple(
            _distance(name, meaning, measure, first, reference, parts)
            for name, meaning, measure in _measures(reference, seed, memory_limit)
        ),
    )  # fmt: skip


def thinned(points: Float[np.ndarray, "n dim"], most: int, seed: int) -> Float[np.ndarray, "k dim"]:
    """Return at most so many rows, drawn at random."""
    if len(points) <= most:
        return points
    return points[np.random.default_rng(seed).permutation(len(points))[:most]]


def _parts(
    first: Float[np.ndarray, "n dim"],
    reference: Float[np.ndarray, "m dim"],
    k: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw k samples of the first, and two parts of k of the reference that share none."""
    rows = rng.permutation(len(reference))
    return first[rng.permutation(len(first))[:k]], reference[rows[:k]], reference[rows[k : 2 * k]]


def _distance(
    name: str,
    meaning: str,
    measure: Measure,
    first: Float[np.ndarray, "n dim"],
    reference: Float[np.ndarray, "m dim"],
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]],
) -> Distance:
    whole = measure(first, reference)
    between = np.array([measure(x, y).value for x, y, _ in parts])
    within = np.array([measure(z, y).value for _, y, z in parts])
    low, high = np.quantile(between, [0.025, 0.975])
    return Distance(
        name, whole.value, whole.certificate, meaning,
        float(between.mean()), _sd(between), float(low), float(high),
        float(within.mean()), _sd(within),
    )  # fmt: skip


def _sd(values: np.ndarray) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else 0.0


def _measures(
    reference: Float[np.ndarray, "m dim"], seed: int, memory_limit: int
) -> list[tuple[str, str, Measure]]:
    def exact(x: np.ndarray, y: np.ndarray) -> _Found:
        found = certified_w1(x, y, memory_limit=memory_limit)
        return _Found(found.w1, found.gap)

    def sliced(x: np.ndarray, y: np.ndarray) -> _Found:
        return _sliced(x, y, seed)

    epsilon = ENTROPY * _typical(reference)
    return [
        ("exact W1", "gap between the plan's cost and the dual bound", exact),
        ("sliced W1", "standard error of the mean over projections", sliced),
        (
            "Sinkhorn divergence",
            f"mass that the plan of entropy {epsilon:.3g} still misplaces",
            lambda x, y: _sinkhorn(x, y, epsilon),
        ),
    ]


def _typical(points: Float[np.ndarray, "m dim"]) -> float:
    """Return the mean distance between points, of at most 500; 1 where all are one."""
    from scipy.spatial.distance import pdist

    return float(pdist(points[:500]).mean()) or 1.0


def _sliced(x: np.ndarray, y: np.ndarray, seed: int) -> _Found:
    """W1 along random directions (Bonneel et al. 2015), in the mean over them."""
    from ot.sliced import sliced_wasserstein_distance

    _, log = sliced_wasserstein_distance(x, y, n_projections=PROJECTIONS, p=1, seed=seed, log=True)
    along = np.asarray(log["projected_emds"])
    mean = float(along.mean())
    error = float(along.std(ddof=1)) / PROJECTIONS**0.5
    return _Found(mean, error / mean if mean > 0 else 0.0)


def _sinkhorn(x: np.ndarray, y: np.ndarray, epsilon: float) -> _Found:
    """OT(x, y) - OT(x, x) / 2 - OT(y, y) / 2 with entropic OT (Genevay et al. 2018, equation 5)."""
    across, within, real = (_entropic(*pair, epsilon) for pair in ((x, y), (x, x), (y, y)))
    value = max(across.value - within.value / 2 - real.value / 2, 0.0)
    return _Found(float(value), max(found.certificate for found in (across, within, real)))


def _entropic(x: np.ndarray, y: np.ndarray, epsilon: float) -> _Found:
    from ot import sinkhorn
    from scipy.spatial.distance import cdist

    costs = cdist(x, y)
    # Scalings of exp(-cost / epsilon) span what double precision does up to here.
    method = "sinkhorn" if costs.max() < 500 * epsilon else "sinkhorn_log"
    a, b = np.full(len(x), 1 / len(x)), np.full(len(y), 1 / len(y))
    plan = sinkhorn(a, b, costs, epsilon, method=method, stopThr=1e-6, numItermax=5000, warn=False)
    misplaced = max(np.abs(plan.sum(1) - a).sum(), np.abs(plan.sum(0) - b).sum()) / 2
    if not misplaced <= MISPLACED:
        raise SolverError(f"Sinkhorn divergence: its plan misplaces {misplaced:.2g} of the mass")
    positive = plan[plan > 0]
    entropy = float(positive @ np.log(positive)) + np.log(len(x) * len(y))
    return _Found(float((plan * costs).sum()) + epsilon * entropy, float(misplaced))
