"""W1 on the line: samples, piecewise-constant densities and piles."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import wasserstein_distance

from wganbench.transport.one_dimensional import (
    cdf_w1,
    kantorovich_potential,
    piecewise_w1,
    pile_deltas,
    pile_w1,
    sorted_w1,
)
from wganbench.transport.piecewise import PiecewiseConstant

# [Fleuret]: mu spreads over three intervals what mu' holds on [5, 7].
MU = PiecewiseConstant.from_pieces((1, 2, 1 / 4), (3, 4, 1 / 4), (9, 10, 1 / 2))
MU_PRIME = PiecewiseConstant.from_pieces((5, 7, 1.0))
numbers = st.lists(st.floats(-1e3, 1e3, allow_subnormal=False), min_size=1, max_size=20)


@st.composite
def densities(draw: st.DrawFn) -> PiecewiseConstant:
    pieces = draw(
        st.lists(
            st.tuples(st.integers(-20, 20), st.integers(1, 10), st.integers(1, 9)),
            min_size=1,
            max_size=4,
        )
    )
    total = sum(mass for _, _, mass in pieces)
    return PiecewiseConstant.from_pieces(
        *((left / 2, (left + width) / 2, mass / total) for left, width, mass in pieces)
    )


def expectation(density: PiecewiseConstant, knots: np.ndarray, values: np.ndarray) -> float:
    """E f for f linear between knots: the trapezoid rule is exact between knots and edges."""
    grid = np.union1d(density.edges, knots)
    f = np.interp(grid, knots, values)
    heights = density.density((grid[:-1] + grid[1:]) / 2)
    return float((heights * (f[:-1] + f[1:]) / 2 * np.diff(grid)).sum())


@given(numbers, numbers)
def test_samples_on_the_line_agree_with_scipy(x: list[float], y: list[float]) -> None:
    oracle = wasserstein_distance(x, y)
    assert sorted_w1(np.array(x), np.array(y)) == pytest.approx(oracle, rel=1e-9, abs=1e-9)
    assert cdf_w1(np.array(x), np.array(y)) == pytest.approx(oracle, rel=1e-9, abs=1e-9)


def test_fleurets_piecewise_example_is_three() -> None:
    assert piecewise_w1(MU, MU_PRIME) == pytest.approx(3, abs=1e-9)


def test_a_potential_known_by_hand_attains_fleurets_three() -> None:
    """f = abs(x - 6) pulls both halves of mu inwards, and is 1-Lipschitz."""
    knots = np.array([0.0, 6.0, 12.0])
    values = np.abs(knots - 6)
    difference = expectation(MU, knots, values) - expectation(MU_PRIME, knots, values)
    assert difference == pytest.approx(3, abs=1e-9)


def test_the_computed_potential_attains_fleurets_three_and_is_1_lipschitz() -> None:
    knots, values = kantorovich_potential(MU, MU_PRIME)
    difference = expectation(MU, knots, values) - expectation(MU_PRIME, knots, values)
    assert difference == pytest.approx(3, abs=1e-9)
    assert (np.abs(np.diff(values)) <= np.diff(knots) + 1e-12).all()


@given(densities(), densities())
def test_piecewise_w1_is_the_area_between_the_distribution_functions(
    p: PiecewiseConstant, q: PiecewiseConstant
) -> None:
    def gap(x: float) -> float:
        return abs(float(p.cdf(x)) - float(q.cdf(x)))

    edges = np.union1d(p.edges, q.edges)
    area = sum(quad(gap, left, right, limit=200)[0] for left, right in pairwise(edges))
    assert piecewise_w1(p, q) == pytest.approx(area, abs=1e-7)  # quad's own tolerance is 1.5e-8


@given(densities(), densities())
def test_every_piecewise_pair_has_a_1_lipschitz_potential_that_attains_w1(
    p: PiecewiseConstant, q: PiecewiseConstant
) -> None:
    knots, values = kantorovich_potential(p, q)
    assert (np.diff(knots) >= 0).all()
    assert (np.abs(np.diff(values)) <= np.diff(knots) + 1e-12).all()
    difference = expectation(p, knots, values) - expectation(q, knots, values)
    assert difference == pytest.approx(piecewise_w1(p, q), abs=1e-9)


@given(densities(), densities(), densities(), st.integers(-5, 5))
def test_piecewise_w1_is_a_metric_that_sees_translations(
    p: PiecewiseConstant, q: PiecewiseConstant, r: PiecewiseConstant, shift: int
) -> None:
    moved = PiecewiseConstant(p.edges + shift, p.heights)
    assert piecewise_w1(p, p) == 0
    assert piecewise_w1(p, moved) == pytest.approx(abs(shift), abs=1e-9)
    assert piecewise_w1(p, q) == pytest.approx(piecewise_w1(q, p), abs=1e-9)
    assert piecewise_w1(p, r) <= piecewise_w1(p, q) + piecewise_w1(q, r) + 1e-9


def test_a_density_and_its_distribution_function_fit() -> None:
    density = PiecewiseConstant.from_pieces((0, 2, 0.5), (1, 3, 0.5))
    np.testing.assert_array_equal(density.edges, [0, 1, 2, 3])
    np.testing.assert_array_equal(density.heights, [0.25, 0.5, 0.25])
    np.testing.assert_array_equal(density.density([-1, 0, 1, 2.5, 3]), [0, 0.25, 0.5, 0.25, 0])
    np.testing.assert_array_equal(density.cdf([-1, 0, 1, 2, 2.5, 9]), [0, 0, 0.25, 0.75, 0.875, 1])


@pytest.mark.parametrize(
    ("edges", "heights", "message"),
    [
        ([0, 1], [1, 1], "do not bound"),
        ([0, 0, 1], [1, 1], "increase"),
        ([0, np.inf], [1], "finite"),
        ([0, 1, 2], [2, -1], "negative"),
        ([0, 1], [np.nan], "NaN"),
        ([0, 1], [2], "mass"),
    ],
)
def test_what_is_no_density_is_refused(
    edges: list[float], heights: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        PiecewiseConstant(np.array(edges), np.array(heights))


def test_the_piles_carry_known_deltas_and_cost_five() -> None:
    p, q = (3, 2, 1, 4), (1, 2, 4, 3)
    assert pile_deltas(p, q).tolist() == [0, 2, 2, -1, 0]
    assert pile_w1(p, q) == 5
    assert pile_w1(p, q, spacing=0.5) == 2.5
    # The piles as laws: earth per unit of mass.
    places = np.arange(4.0)
    assert wasserstein_distance(places, places, p, q) * sum(p) == pytest.approx(5, abs=1e-9)


@pytest.mark.parametrize(("p", "q"), [((1, 2), (1, 2, 0)), ((1, 2), (2, 2)), ((1, np.nan), (1, 2))])
def test_piles_that_cannot_become_each_other_are_refused(
    p: tuple[float, ...], q: tuple[float, ...]
) -> None:
    with pytest.raises(ValueError, match=r"correspond|cannot become"):
        pile_w1(p, q)
