"""Exact W1 between samples, and its floor."""

import math
import subprocess
import sys
import tracemalloc
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from wganbench.errors import UserError
from wganbench.transport import exact
from wganbench.transport.exact import Certified, SolverError, certified_w1, exact_w1, floor
from wganbench.transport.pot import simplex

Points = np.ndarray
coordinate = st.floats(-10, 10, allow_subnormal=False)


def matched_w1(x: Points, y: Points) -> float:
    """The oracle: the best one-to-one assignment, after repeating points to a common size."""
    size = math.lcm(len(x), len(y))
    x, y = np.repeat(x, size // len(x), axis=0), np.repeat(y, size // len(y), axis=0)
    costs = np.sqrt(((x[:, None] - y[None]) ** 2).sum(-1))
    return float(costs[linear_sum_assignment(costs)].mean())


@st.composite
def samples(draw: st.DrawFn, count: int) -> list[Points]:
    dim = draw(st.integers(1, 3))
    row = st.lists(coordinate, min_size=dim, max_size=dim)
    return [np.array(draw(st.lists(row, min_size=1, max_size=6))) for _ in range(count)]


@given(samples(2))
def test_exact_w1_is_the_best_assignment(pair: list[Points]) -> None:
    x, y = pair
    assert exact_w1(x, y) == pytest.approx(matched_w1(x, y), abs=1e-9)


@given(samples(3))
def test_exact_w1_is_a_metric(triple: list[Points]) -> None:
    x, y, z = triple
    assert exact_w1(x, x[::-1]) == pytest.approx(0, abs=1e-9)
    assert exact_w1(x, y) == pytest.approx(exact_w1(y, x), abs=1e-9)
    assert exact_w1(x, z) <= exact_w1(x, y) + exact_w1(y, z) + 1e-9


@given(samples(2), st.floats(-5, 5), st.floats(0, 5))
def test_exact_w1_ignores_a_common_shift_and_scales_with_its_samples(
    pair: list[Points], shift: float, factor: float
) -> None:
    x, y = pair
    assert exact_w1(x + shift, y + shift) == pytest.approx(exact_w1(x, y), abs=1e-9)
    assert exact_w1(factor * x, factor * y) == pytest.approx(factor * exact_w1(x, y), abs=1e-9)


@settings(max_examples=30)
@given(samples(1), st.lists(coordinate, min_size=3, max_size=3))
def test_a_translated_sample_lies_at_the_length_of_the_shift(
    single: list[Points], shift: list[float]
) -> None:
    x = single[0]
    vector = np.array(shift[: x.shape[1]])
    assert exact_w1(x, x + vector) == pytest.approx(float(np.linalg.norm(vector)), abs=1e-9)


@pytest.mark.parametrize("theta", [-1.0, 0.0, 0.01, 0.5, 3.0])
def test_parallel_lines_lie_theta_apart(theta: float) -> None:
    z = np.random.default_rng(0).uniform(size=300)
    x, y = np.stack([0 * z, z], axis=1), np.stack([0 * z + theta, z], axis=1)
    assert exact_w1(x, y) == pytest.approx(abs(theta), abs=1e-9)


@pytest.mark.parametrize("dim", [2, 16])
def test_gaussian_samples_bracket_the_distance_of_their_laws(dim: int) -> None:
    n, rng = 400, np.random.default_rng(1)
    shift = np.full(dim, 1.5 / np.sqrt(dim))
    x, y = rng.standard_normal((n, dim)), rng.standard_normal((n, dim)) + shift
    between_means = float(np.linalg.norm(y.mean(0) - x.mean(0)))
    assert between_means <= exact_w1(x, y) <= 1.5 + exact_w1(x, y - shift) + 1e-9
    # Along the shift the difference of means is N(1.5, 2 / n): four of its standard deviations.
    assert abs((y.mean(0) - x.mean(0)) @ shift / 1.5 - 1.5) < 4 * np.sqrt(2 / n)


def test_images_are_flattened() -> None:
    rng = np.random.default_rng(2)
    x = rng.uniform(-1, 1, (12, 3, 4, 4)).astype(np.float32)
    y = rng.uniform(-1, 1, (12, 3, 4, 4)).astype(np.float32)
    assert exact_w1(x, y) == pytest.approx(matched_w1(x.reshape(12, -1), y.reshape(12, -1)))


def test_a_line_in_the_plane_gives_the_distance_on_the_line() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal(200), rng.standard_normal(130) + 1
    direction = np.array([0.6, 0.8])
    assert exact_w1(x, y) == pytest.approx(
        exact_w1(np.outer(x, direction), np.outer(y, direction)), abs=1e-9
    )


@given(st.integers(-14, 14), st.integers(2, 30), st.integers(2, 4))
def test_at_any_unit_it_is_the_assignments_cost_and_certified(
    exponent: int, n: int, dim: int
) -> None:
    rng = np.random.default_rng(n)
    x, y = rng.normal(size=(2, n, dim))
    costs = cdist(x, y)
    best = costs[linear_sum_assignment(costs)].mean()
    unit = 10.0**exponent
    found = certified_w1(x * unit, y * unit)
    assert found.w1 == pytest.approx(best * unit, rel=1e-9)
    assert found.gap < 1e-9


def test_a_plan_that_the_dual_bound_does_not_certify_is_refused() -> None:
    """A fill value of 1e15 in a tenth of both samples: POT calls a plan optimal that is not."""
    x, y = np.random.default_rng(0).normal(size=(2, 200, 2))
    x[:20], y[:20] = 1e15, 1e15
    with pytest.raises(SolverError, match="POT's plan is not certified"):
        exact_w1(x, y)


def test_of_samples_that_are_one_point_nothing_is_left() -> None:
    assert certified_w1(np.ones((5, 2)), np.ones((3, 2))) == Certified(0.0, 0.0)


def test_running_out_of_iterations_is_an_error_and_no_distance() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.standard_normal((2, 300, 2))
    with pytest.raises(SolverError, match="numItermax"):
        exact_w1(x, y, max_iterations=100)


def test_a_silent_result_code_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: Any, **__: Any) -> tuple[float, dict[str, int]]:
        return 0.03, {"result_code": 3}

    monkeypatch.setattr(simplex, "emd2", stopped)
    with pytest.raises(SolverError, match="result code 3"):
        exact_w1(np.eye(3), np.eye(3) + 1)


def test_any_warning_of_the_solver_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def warned(*_: Any, **__: Any) -> tuple[float, dict[str, int]]:
        warnings.warn("numerical trouble", UserWarning, stacklevel=2)
        return 0.03, {"result_code": 1}

    monkeypatch.setattr(simplex, "emd2", warned)
    with pytest.raises(SolverError, match="numerical trouble"):
        exact_w1(np.eye(3), np.eye(3) + 1)


def test_too_large_a_problem_is_refused_before_anything_is_allocated() -> None:
    x = np.zeros((50_000, 2))
    tracemalloc.start()
    with pytest.raises(UserError, match="at most 10235 samples a side or raise memory_limit"):
        exact_w1(x, x)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5 * x.nbytes


def test_the_memory_limit_is_the_callers() -> None:
    x = np.random.default_rng(5).standard_normal((60, 2))
    with pytest.raises(UserError, match="limit"):
        exact_w1(x, x + 1, memory_limit=60 * 60 * exact.BYTES_PER_CELL - 1)
    assert exact_w1(x, x + 1, memory_limit=60 * 60 * exact.BYTES_PER_CELL) > 0


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dim", [1, 2])
def test_samples_that_are_not_finite_are_refused_by_name(value: float, dim: int) -> None:
    x = np.zeros((5, dim))
    x[3, 0] = value
    with pytest.raises(UserError, match=r"^y: 1 of 5 samples hold NaN or infinity"):
        exact_w1(np.zeros((4, dim)), x)


def test_samples_of_different_spaces_or_none_are_refused() -> None:
    with pytest.raises(UserError, match="x has 2 coordinates a sample, y has 3"):
        exact_w1(np.zeros((4, 2)), np.zeros((4, 3)))
    with pytest.raises(UserError, match="empty"):
        exact_w1(np.zeros((0, 2)), np.zeros((4, 2)))
    with pytest.raises(UserError, match="overflow"):
        exact_w1(np.full((2, 2), 1e200), np.full((2, 2), -1e200))


def test_the_floor_is_above_zero_and_falls_with_the_sample() -> None:
    rng = np.random.default_rng(6)
    means = []
    for n in (50, 200, 800):
        distances = floor(rng.standard_normal((n, 2)), rng.standard_normal((5 * n, 2)), n, 5, rng)
        assert distances.shape == (5,)
        assert (distances > 0).all()
        means.append(distances.mean())
    assert means[0] > means[1] > means[2]


def test_draws_of_the_floor_are_disjoint_where_the_pool_allows_it() -> None:
    pool = 2.0 ** np.arange(12)  # every sum of distinct entries is unique
    distances = floor(np.zeros(4), pool, 4, 3, np.random.default_rng(7))
    assert distances.sum() * 4 == pool.sum()
    fewer = floor(np.zeros(4), pool[:8], 8, 3, np.random.default_rng(7))
    assert fewer.tolist() == [pool[:8].mean()] * 3


def test_a_pool_smaller_than_one_draw_is_refused() -> None:
    with pytest.raises(UserError, match="pool holds 9 samples, fewer than n=10"):
        floor(np.zeros((10, 2)), np.zeros((9, 2)), 10, 1, np.random.default_rng(0))
    with pytest.raises(ValueError, match="at least 1"):
        floor(np.zeros((10, 2)), np.zeros((9, 2)), 5, 0, np.random.default_rng(0))


def in_a_process(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_solving_imports_none_of_what_pot_brings_along_and_hides_none_of_it() -> None:
    early = in_a_process(
        "import sys, wganbench.transport.exact, wganbench.transport.potentials, "
        "wganbench.data.known.funnel_files; "
        "print({'torch', 'sklearn', 'networkx', 'scipy.stats', 'ot'} & set(sys.modules)); "
        "import ot, sklearn.cluster; ot.sinkhorn, ot.gromov"
    )
    assert early == "set()\n"


SOLVED = """
import numpy as np
from scipy.spatial.distance import cdist

def solved(solver):
    for n, m, dim in ((1, 1, 2), (200, 200, 2), (150, 90, 7), (64, 64, 256)):
        x, y = (np.random.default_rng(k).normal(k, 1, (size, dim)) for k, size in enumerate((n, m)))
        costs = cdist(x, y)
        weights = np.full(n, 1.0 / n), np.full(m, 1.0 / m)
        cost, log = solver.emd2(*weights, costs, numItermax=10**9, log=True)
        plan, more = solver.emd(*weights, costs, numItermax=10**9, log=True)
        print(float(cost).hex(), *(a.tobytes().hex() for a in (log["v"], more["v"], plan)))
"""


@pytest.mark.parametrize("module", ["ot.lp._network_simplex", "ot.lp.moved_by_a_later_release"])
def test_the_simplex_alone_answers_as_all_of_pot_does_bit_for_bit(module: str) -> None:
    alone = f"from wganbench.transport.pot import load_simplex; solved(load_simplex({module!r}))"
    assert in_a_process(SOLVED + alone) == in_a_process(SOLVED + "import ot; solved(ot)")
