"""Slopes along coupled and independent lines, where the plan and the critic are known."""

import numpy as np
import ot
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from wganbench.data.funnels import Funnels
from wganbench.transport.exact import exact_w1, solve, uniform
from wganbench.transport.potentials import exact_potential
from wganbench.transport.slopes import slopes


def drawn(seed: int, n: int, m: int, dim: int = 2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(n, dim)), rng.normal(0.5, 2, size=(m, dim))
    return x, y, cdist(x, y)


def solved(costs: np.ndarray):
    return solve(costs, *map(uniform, costs.shape))


def means(x: np.ndarray, y: np.ndarray, f) -> dict[str, float | None]:
    costs = cdist(x, y)
    return slopes(f(x), f(y), costs, solved(costs))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.integers(1, 30))
def test_the_plan_is_that_of_pot_called_directly_and_costs_w1(seed, n, m):
    *_, costs = drawn(seed, n, m)
    plan, theirs = solved(costs), ot.emd(np.full(n, 1 / n), np.full(m, 1 / m), costs)
    ours = np.zeros_like(costs)
    ours[plan.first, plan.second] = plan.mass
    np.testing.assert_array_equal(ours, theirs)
    assert len(plan.mass) <= n + m - 1
    assert plan.mass @ costs[plan.first, plan.second] == pytest.approx(plan.cost)


def test_between_samples_of_one_size_the_plan_is_an_assignment():
    plan = solved(drawn(0, 50, 50)[2])
    assert sorted(plan.first) == sorted(plan.second) == list(range(50))
    np.testing.assert_allclose(plan.mass, 1 / 50)


def test_the_linear_critic_of_a_translation_has_slope_one_on_coupled_lines_and_less_on_others():
    x = np.random.default_rng(0).normal(size=(200, 3))
    shift = np.array([1.0, 2.0, 2.0])
    found = means(x, x + shift, lambda points: -points @ shift / 3)
    assert found["coupled_slope"] == pytest.approx(1, abs=1e-12)
    assert found["coupled_slope_error"] == pytest.approx(0, abs=1e-12)
    assert 0.5 < found["independent_slope"] < 0.95


@pytest.mark.parametrize(("n", "m"), [(80, 80), (60, 90)])
def test_the_exact_potential_has_slope_one_on_every_coupled_line(n, m):
    *_, costs = drawn(1, n, m)
    found = slopes(*exact_potential(costs), costs, solved(costs))
    assert found["coupled_slope"] == pytest.approx(1, abs=1e-9)
    assert found["coupled_slope_error"] == pytest.approx(0, abs=1e-9)
    assert found["independent_slope"] < 0.8


def test_errors_that_cancel_in_the_mean_do_not_cancel_in_the_distance_from_one():
    """Two far pairs: along one the critic rises twice as much as it may, along the other not."""
    x, y = np.array([[0.0, 0.0], [100.0, 0.0]]), np.array([[1.0, 0.0], [101.0, 0.0]])
    costs = cdist(x, y)
    found = slopes(np.array([2.0, 7.0]), np.array([0.0, 7.0]), costs, solved(costs))
    assert (found["coupled_slope"], found["coupled_slope_error"]) == (1, 1)


def test_a_steep_and_a_flat_critic_are_far_from_one():
    x, y, _ = drawn(2, 40, 40)
    steep = means(x, y, lambda points: -50 * points[:, 0])
    flat = means(x, y, lambda points: np.zeros(len(points)))
    assert steep["coupled_slope_error"] > 10
    assert (flat["coupled_slope"], flat["coupled_slope_error"]) == (0, 1)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 20), st.integers(2, 20))
def test_weighted_by_length_any_critics_slope_is_its_estimate_over_the_plans_cost(seed, n, m):
    """Why a lower slope on independent lines tells no critic from another."""
    x, y, costs = drawn(seed, n, m)
    rng, plan = np.random.default_rng(seed), solved(costs)
    f_x, f_y = rng.normal(size=len(x)), rng.normal(size=len(y))
    weights = plan.mass * costs[plan.first, plan.second]
    secants = (f_x[plan.first] - f_y[plan.second]) / costs[plan.first, plan.second]
    estimate = f_x.mean() - f_y.mean()
    assert np.average(secants, weights=weights) == pytest.approx(estimate / plan.cost)
    assert plan.cost <= costs.mean() + 1e-12


def test_independent_slopes_are_those_of_every_pair_and_points_that_coincide_have_none():
    x, y = np.array([[0.0], [3.0]]), np.array([[0.0], [1.0]])
    found = means(x, y, lambda points: points[:, 0] ** 2)
    # 0-1, 3-0 and 3-1 have slopes -1, 3 and 4; 0-0 is coupled and has none.
    assert found["independent_slope"] == pytest.approx((-1 + 3 + 4) / 3)
    assert found["coupled_slope"] == pytest.approx(4)
    same = means(x[:1], y[:1], lambda points: points[:, 0])
    assert set(same.values()) == {None}


@pytest.mark.parametrize(("dim", "floor", "slope"), [(2, 0.23, 0.93), (8, 0.62, 0.62)])
def test_where_the_floor_is_near_w1_even_the_laws_optimal_critic_has_a_lower_slope(
    dim, floor, slope
):
    """The numbers that the gate "resolved" rests on: what is coupled there is chance."""
    funnels, n = Funnels(dim=dim, funnels=16), 1000
    pair, arrays = funnels.pair(), funnels.generate(np.random.default_rng(0))
    x, y, fresh = (
        points[:n].astype(np.float64)
        for points in (arrays.heldout, arrays.heldout_model, arrays.train)
    )
    found = means(x, y, lambda points: -pair.potential(points))
    assert exact_w1(x, fresh) / exact_w1(x, y) == pytest.approx(floor, abs=0.01)
    assert found["coupled_slope"] == pytest.approx(slope, abs=0.01)
    assert found["coupled_slope_error"] == pytest.approx(1 - found["coupled_slope"], abs=1e-6)
