"""Closed forms, and that they refuse what they do not hold for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from integrated_divergences import jensen_shannon, kullback_leibler, total_variation
from scipy.linalg import sqrtm

from wganbench.transport.closed_forms import (
    gaussian_w1,
    gaussian_w2,
    parallel_lines,
    translation_w1,
)
from wganbench.transport.one_dimensional import piecewise_w1
from wganbench.transport.piecewise import PiecewiseConstant


def covariance(seed: int, dim: int) -> np.ndarray:
    factor = np.random.default_rng(seed).standard_normal((dim, dim))
    return np.asarray(factor @ factor.T)


@given(st.floats(-5, 5).filter(lambda theta: abs(theta) > 1e-3))
def test_parallel_lines_agree_with_integrals_over_thin_strips(theta: float) -> None:
    """The lines are products, so only their first coordinate matters: here of width 1e-3 / 2."""
    here = PiecewiseConstant.from_pieces((0, 5e-4, 1.0))
    there = PiecewiseConstant(here.edges + theta, here.heights)
    lines = parallel_lines(theta)
    assert lines.w1 == pytest.approx(piecewise_w1(here, there), abs=1e-9)
    assert lines.js == pytest.approx(jensen_shannon(here, there), abs=1e-9)
    assert lines.kl == kullback_leibler(here, there) == np.inf
    assert lines.reverse_kl == kullback_leibler(there, here) == np.inf
    assert lines.tv == pytest.approx(total_variation(here, there), abs=1e-9)


def test_parallel_lines_that_coincide_are_at_distance_zero() -> None:
    lines = parallel_lines(0.0)
    assert (lines.w1, lines.js, lines.kl, lines.reverse_kl, lines.tv) == (0, 0, 0, 0, 0)
    assert parallel_lines(1e-300).js == np.log(2)
    with pytest.raises(ValueError, match="finite"):
        parallel_lines(float("nan"))


@pytest.mark.parametrize("dim", [1, 2, 5, 64])
def test_gaussians_that_differ_in_mean_lie_at_its_norm(dim: int) -> None:
    shift = np.random.default_rng(dim).standard_normal(dim)
    origin, identity, shape = np.zeros(dim), np.eye(dim), covariance(dim, dim)
    norm = float(np.sqrt((shift**2).sum()))
    assert translation_w1(shift) == pytest.approx(norm, abs=1e-9)
    assert gaussian_w1(origin, identity, shift, identity) == pytest.approx(norm, abs=1e-9)
    assert gaussian_w1(origin, shape, shift, shape) == pytest.approx(norm, abs=1e-9)
    assert gaussian_w2(origin, identity, shift, identity) == pytest.approx(norm, abs=1e-9)
    assert gaussian_w2(origin, shape, shift, shape) == pytest.approx(norm, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_gaussian_w2_is_the_bures_formula(seed: int) -> None:
    dim = seed + 2
    first, second = covariance(seed, dim), covariance(seed + 100, dim)
    shift = np.random.default_rng(seed).standard_normal(dim)
    root = sqrtm(first)
    bures = np.trace(first + second - 2 * np.real(sqrtm(root @ second @ root)))
    expected = np.sqrt(shift @ shift + bures)
    assert gaussian_w2(shift, first, np.zeros(dim), second) == pytest.approx(expected, abs=1e-9)


@given(
    st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9), st.floats(-3, 3)), min_size=1, max_size=4)
)
def test_gaussian_w2_of_independent_coordinates_compares_deviations(
    axes: list[tuple[float, float, float]],
) -> None:
    first, second, shift = np.array(axes).T
    expected = np.sqrt(((np.sqrt(first) - np.sqrt(second)) ** 2 + shift**2).sum())
    w2 = gaussian_w2(0 * shift, np.diag(first), shift, np.diag(second))
    assert w2 == pytest.approx(float(expected), abs=1e-9)


def test_gaussian_w2_is_symmetric_and_vanishes_at_equality() -> None:
    zero, first, second = np.zeros(3), covariance(1, 3), covariance(2, 3)
    there = gaussian_w2(zero, first, zero, second)
    assert there == pytest.approx(gaussian_w2(zero, second, zero, first), abs=1e-9)
    assert gaussian_w2(zero, first, zero, first) == pytest.approx(0, abs=1e-9)


def test_gaussian_w1_needs_one_covariance() -> None:
    with pytest.raises(ValueError, match="no closed form"):
        gaussian_w1(np.zeros(2), np.eye(2), np.ones(2), 2 * np.eye(2))


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.array([[1.0, 0.5], [0.0, 1.0]]), "symmetric"),
        (np.array([[1.0, 2.0], [2.0, 1.0]]), "negative eigenvalue"),
        (np.eye(3), "2x2"),
        (np.full((2, 2), np.nan), "finite"),
    ],
)
def test_what_is_no_covariance_is_refused(matrix: np.ndarray, message: str) -> None:
    for closed_form in (gaussian_w1, gaussian_w2):
        with pytest.raises(ValueError, match=message):
            closed_form(np.zeros(2), np.eye(2), np.zeros(2), matrix)


def test_what_is_no_vector_is_refused() -> None:
    with pytest.raises(ValueError, match="shift"):
        translation_w1(np.eye(2))
    with pytest.raises(ValueError, match="mean"):
        gaussian_w2(np.array([np.inf]), np.eye(1), np.zeros(1), np.eye(1))
