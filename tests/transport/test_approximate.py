"""Sliced W1 and the Sinkhorn divergence."""

import numpy as np
import pytest
from scipy.special import gamma, rel_entr

from wganbench.errors import UserError
from wganbench.transport.approximate import sinkhorn_divergence, sliced_w1
from wganbench.transport.exact import SolverError, exact_w1


@pytest.mark.parametrize("dim", [2, 10, 100])
def test_sliced_w1_of_a_translation_is_the_mean_cosine(dim: int) -> None:
    rng = np.random.default_rng(dim)
    x = rng.standard_normal((20, dim))
    shift = np.full(dim, 3 / np.sqrt(dim))
    sliced = sliced_w1(x, x + shift, rng, projections=2000)
    expected = 3 * gamma(dim / 2) / (np.sqrt(np.pi) * gamma((dim + 1) / 2))
    assert sliced.standard_error < 0.05 * expected
    assert abs(sliced.value - expected) < 4 * sliced.standard_error


def test_sliced_w1_is_w1_on_the_line_and_below_it_elsewhere() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((50, 3)), rng.standard_normal((70, 3)) + 0.5
    assert sliced_w1(x, y, rng).value <= exact_w1(x, y)
    line = sliced_w1(x[:, 0], y[:, 0], rng, projections=3)
    assert line.value == pytest.approx(exact_w1(x[:, 0], y[:, 0]), abs=1e-9)
    assert line.standard_error == pytest.approx(0, abs=1e-12)
    with pytest.raises(ValueError, match="projections"):
        sliced_w1(x, y, rng, projections=1)


def test_sliced_w1_depends_on_its_random_stream_alone() -> None:
    x, y = np.random.default_rng(1).standard_normal((2, 30, 4))
    first = sliced_w1(x, y, np.random.default_rng(5))
    np.random.default_rng(6).standard_normal(10)
    assert first == sliced_w1(x, y, np.random.default_rng(5))


def test_sinkhorn_divergence_of_two_points_a_side_is_known_in_closed_form() -> None:
    """By symmetry the plan is p on the diagonal, p = 1 / (2 + 2 exp(-(c1 - c0) / epsilon))."""
    epsilon, height = 0.7, 0.4

    def entropic(near: float, far: float) -> float:
        share = 0.5 / (1 + np.exp(-(far - near) / epsilon))
        plan = np.array([share, share, 0.5 - share, 0.5 - share])
        costs = np.array([near, near, far, far])
        return float(plan @ costs + epsilon * rel_entr(plan, 0.25).sum())

    x = np.array([[0.0, 0.0], [1.0, 0.0]])
    expected = entropic(height, np.hypot(1, height)) - entropic(0.0, 1.0)
    divergence = sinkhorn_divergence(x, x + np.array([0, height]), epsilon, tolerance=1e-12)
    assert divergence == pytest.approx(expected, abs=1e-9)


def test_sinkhorn_divergence_is_zero_at_equality_and_positive_elsewhere() -> None:
    x, y = np.random.default_rng(2).standard_normal((2, 40, 2))
    assert sinkhorn_divergence(x, x, 0.5) == pytest.approx(0, abs=1e-9)
    assert sinkhorn_divergence(x, y, 0.5) > 0


def test_sinkhorn_divergence_goes_from_w1_to_half_the_energy_distance() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.standard_normal((15, 2)), rng.standard_normal((20, 2)) + 1
    # Entropy is between 0 and log n, so each of the three costs is off by epsilon log n at most.
    small = sinkhorn_divergence(x, y, 0.01, tolerance=1e-4)
    assert abs(small - exact_w1(x, y)) < 0.01 * np.log(20)

    def mean_distance(a: np.ndarray, b: np.ndarray) -> float:
        return float(np.linalg.norm(a[:, None] - b[None], axis=-1).mean())

    energy = mean_distance(x, y) - (mean_distance(x, x) + mean_distance(y, y)) / 2
    assert sinkhorn_divergence(x, y, 1e4) == pytest.approx(energy, abs=1e-3)


def test_sinkhorn_loops_that_do_not_converge_are_an_error() -> None:
    x, y = np.random.default_rng(4).standard_normal((2, 30, 2))
    with pytest.raises(SolverError, match="did not converge"):
        sinkhorn_divergence(x, y, 0.01, max_iterations=5)


def test_sinkhorn_arguments_out_of_range_are_refused() -> None:
    x = np.zeros((30, 2))
    with pytest.raises(UserError, match="limit"):
        sinkhorn_divergence(x, x, 0.1, memory_limit=1000)
    for epsilon in (0.0, -1.0, np.inf, np.nan):
        with pytest.raises(ValueError, match="regularisation"):
            sinkhorn_divergence(x, x, epsilon)
