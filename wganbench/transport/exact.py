"""Exact W1 between two samples: the reference distance, its certificate and its sampling floor.

Duality bounds the optimum from both sides (Villani 2009, theorem 5.10): a plan costs at least W1,
and mean u + mean v is at most W1 wherever u(x) + v(y) <= |x - y|. The gap between the two certifies
a number; one that is not certified is refused.

POT's network simplex on the Euclidean cost matrix; by sorting in one dimension. Cost: about
n^2.2 in time (0.6 s at n = m = 2,000, 3 s at 4,000, 13 s at 8,000, one core) and
`BYTES_PER_CELL` n m in memory (156 MiB at 2,000, 626 MiB at 4,000).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial.distance import cdist

from wganbench.errors import UserError
from wganbench.transport.one_dimensional import sorted_w1
from wganbench.transport.pot import simplex
from wganbench.transport.samples import as_paired_points, as_points

if TYPE_CHECKING:
    from jaxtyping import Float, Int
    from numpy.typing import ArrayLike

# Measured peak of POT 0.9.7, n from 500 to 4,000: 8 bytes are the cost matrix, 8 the plan, the
# rest the simplex's arcs.
BYTES_PER_CELL = 41
MEMORY_LIMIT = 4 * 2**30
"""Bytes one call may take by default: n = m of about 10,000."""

# POT's own default of 100,000 is reached at n = 4,000, where it returns a wrong distance.
MAX_ITERATIONS = 10**9
_OPTIMAL = 1  # POT's result_code; 0 infeasible, 2 unbounded, 3 iterations ran out
WIDEST_GAP = 1e-6
"""Of W1. Right answers have 1e-15 to 1e-12; every wrong one that was met had 1e-2 or more."""
# POT's tolerances are absolute: at costs of 1e-14 it calls a plan optimal that costs a quarter too
# much. Costs beyond these are divided by the largest one.
_USUAL = (1e-3, 1e6)


class SolverError(UserError):
    """The solver stopped short of its answer; whatever number it holds is no distance."""


@dataclass(frozen=True)
class Plan:
    """An optimal plan between two samples: the pairs that it couples, and what moving them costs.

    Of two samples of one size and equal weights it is a one-to-one assignment.
    """

    cost: float
    first: Int[np.ndarray, " pair"]
    """Of each coupled pair, the row in the first sample."""
    second: Int[np.ndarray, " pair"]
    mass: Float[np.ndarray, " pair"]
    """What each pair moves, together 1."""


@dataclass(frozen=True)
class Certified:
    """A distance, and as a share of it the gap between the bounds of the optimum."""

    w1: float
    gap: float


@dataclass(frozen=True)
class Solution:
    """What the simplex ended with: a plan, its cost, and the dual potentials that certify it."""

    cost: float
    plan: Float[np.ndarray, "n m"]
    v: Float[np.ndarray, " m"]
    """The second half of the potentials; the best first half is its transform by the costs."""
    gap: float


def exact_w1(
    x: ArrayLike,
    y: ArrayLike,
    *,
    memory_limit: int = MEMORY_LIMIT,
    max_iterations: int = MAX_ITERATIONS,
) -> float:
    """W1 between the empirical laws of x and y, Euclidean ground distance, in the units of x.

    Sizes may differ; every sample of one side weighs the same. Read it beside `floor`: it
    estimates the distance between the underlying laws from above.

    Args:
        x: (n, dim), (n,) or images (n, c, h, w), which are flattened.
        y: the other sample, with as many coordinates.
        memory_limit: bytes, against `BYTES_PER_CELL` * n * m. One dimension needs none of it.
        max_iterations: pivots of the network simplex. Only a test wants fewer.

    Raises:
        UserError: a sample is empty or not finite, dimensions differ, or memory would not do.
        SolverError: the solver warned, did not reach the optimum, or is not certified to have.
    """
    return certified_w1(x, y, memory_limit=memory_limit, max_iterations=max_iterations).w1


def certified_w1(
    x: ArrayLike,
    y: ArrayLike,
    *,
    memory_limit: int = MEMORY_LIMIT,
    max_iterations: int = MAX_ITERATIONS,
) -> Certified:
    """Return what `exact_w1` does, with its certificate; in one dimension it is a closed form.

    Raises:
        UserError: as `exact_w1`.
        SolverError: as `exact_w1`.
    """
    points_x, points_y = as_paired_points(x, y)
    if points_x.shape[1] == 1:
        return Certified(sorted_w1(points_x[:, 0], points_y[:, 0]), 0.0)
    costs = euclidean_costs(points_x, points_y, memory_limit)
    weights = uniform(len(points_x)), uniform(len(points_y))
    found = solution(costs, *weights, "exact W1", max_iterations)
    return Certified(found.cost, found.gap)


def floor(
    reference: ArrayLike,
    pool: ArrayLike,
    n: int,
    draws: int,
    rng: np.random.Generator,
    *,
    memory_limit: int = MEMORY_LIMIT,
) -> Float[np.ndarray, " draws"]:
    """W1 between the reference and fresh samples of its own law: what "zero" looks like.

    It is n^(-1/2) in two dimensions up to logarithms and n^(-1/d) beyond, so in raw pixels it is
    most of any distance. All draws share the reference: their spread is that of the fresh sample
    alone. They are disjoint where the pool holds `draws * n` samples; in a smaller pool each draw
    is still without repetition, but draws overlap and their spread understates the true one.

    Args:
        reference: the sample that the distances are measured to.
        pool: further samples of the same law, none of them in the reference.
        n: size of each fresh sample; the one of the sample whose distance stands beside it.
        draws: how many distances.
        rng: the random stream that picks from the pool.
        memory_limit: bytes, as in `exact_w1`.

    Raises:
        UserError: as `exact_w1`, or fewer than n samples in the pool.
        ValueError: n or draws below 1.
    """
    if n < 1 or draws < 1:
        raise ValueError(f"n and draws must be at least 1, got n={n}, draws={draws}")
    # Only the picked rows become float64 points: a pool of images may be most of the memory.
    candidates = np.atleast_1d(np.asarray(pool))
    size = len(candidates)
    if n > size:
        raise UserError(f"floor: pool holds {size} samples, fewer than n={n}; enlarge the pool")
    if draws * n <= size:
        rows = rng.permutation(size)[: draws * n].reshape(draws, n)
    else:
        rows = np.stack([rng.permutation(size)[:n] for _ in range(draws)])
    points = as_points(reference, "reference")
    return np.array([exact_w1(points, candidates[row], memory_limit=memory_limit) for row in rows])


def uniform(n: int) -> Float[np.ndarray, " n"]:
    """The weights of n equally likely samples."""
    return np.full(n, 1.0 / n)


def euclidean_costs(
    x: Float[np.ndarray, "n dim"],
    y: Float[np.ndarray, "m dim"],
    memory_limit: int,
    bytes_per_cell: int = BYTES_PER_CELL,
) -> Float[np.ndarray, "n m"]:
    """All Euclidean distances, coordinate by coordinate: no cancellation between near points.

    Raises:
        UserError: the solver, at bytes_per_cell, would need more than memory_limit bytes (raised
            before any of them is allocated), or distances overflow float64.
    """
    needed = bytes_per_cell * len(x) * len(y)
    if needed > memory_limit:
        fitting = int((memory_limit / bytes_per_cell) ** 0.5)
        raise UserError(
            f"transport between {len(x)} and {len(y)} samples needs {needed / 2**30:.3g} GiB, "
            f"the limit is {memory_limit / 2**30:.3g} GiB: use at most {fitting} samples a side "
            "or raise memory_limit"
        )
    costs: Float[np.ndarray, "n m"] = cdist(x, y)
    if not np.isfinite(costs.max()):
        raise UserError("distances between the samples overflow float64; rescale them")
    return costs


def solve(
    costs: Float[np.ndarray, "n m"],
    weights_x: Float[np.ndarray, " n"],
    weights_y: Float[np.ndarray, " m"],
) -> Plan:
    """An optimal plan that moves weights_x to weights_y, by POT's network simplex.

    Raises:
        SolverError: as `solution`.
    """
    found = solution(costs, weights_x, weights_y, "exact W1")
    # A vertex of the polytope of plans: at most n + m - 1 of the n m pairs move anything.
    first, second = np.nonzero(found.plan != 0)  # of numbers, nonzero takes four times as long
    return Plan(found.cost, first, second, found.plan[first, second])


def solution(
    costs: Float[np.ndarray, "n m"],
    weights_x: Float[np.ndarray, " n"],
    weights_y: Float[np.ndarray, " m"],
    what: str,
    max_iterations: int = MAX_ITERATIONS,
) -> Solution:
    """Return what POT's network simplex ends with, if it is certified.

    Args:
        costs: of moving from each sample to each other.
        weights_x: what lies at each.
        weights_y: what is wanted at each other.
        what: what messages call the result.
        max_iterations: pivots.

    Raises:
        SolverError: the solver warned, its result code is not "optimal", or the dual bound lies
            more than a millionth below the plan's cost.
    """
    largest = float(costs.max())
    unit = 1.0 if _USUAL[0] <= largest <= _USUAL[1] or largest == 0 else largest
    scaled = costs if unit == 1 else costs / unit
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        cost, log = simplex.emd2(
            weights_x, weights_y, scaled, numItermax=max_iterations, log=True, return_matrix=True
        )
    refuse_warnings(caught, what)
    if log["result_code"] != _OPTIMAL:
        raise SolverError(f"{what}: POT stopped with result code {log['result_code']}")
    v = np.asarray(log["v"], dtype=np.float64)
    gap = _gap(float(cost), scaled, v, weights_x, weights_y)
    if not gap <= WIDEST_GAP:
        raise SolverError(
            f"{what}: POT's plan is not certified, the optimum may lie {gap:.2g} of it below; a "
            "few samples very far from all others are the usual cause"
        )
    return Solution(float(cost) * unit, log["G"], v * unit, gap)


def _gap(
    cost: float,
    costs: Float[np.ndarray, "n m"],
    v: Float[np.ndarray, " m"],
    weights_x: Float[np.ndarray, " n"],
    weights_y: Float[np.ndarray, " m"],
) -> float:
    """Return how far below a plan's cost the dual bound lies, as a share of the cost.

    The first half of the potentials is the best one beside `v`: together they keep every bound,
    whatever the solver's own first half is.
    """
    dual = weights_x @ (costs - v).min(axis=1) + weights_y @ v
    return float(max(cost - dual, 0.0) / cost) if cost > 0 else 0.0


def refuse_warnings(caught: list[warnings.WarningMessage], what: str) -> None:
    """Make an error of a solver's warnings.

    Raises:
        SolverError: any warning but a deprecation, which is about the code and not the number.
    """
    relevant = [w for w in caught if not issubclass(w.category, DeprecationWarning)]
    if relevant:
        raise SolverError(f"{what}: POT warned: {str(relevant[0].message).strip()}")
