"""Divergences by exact integration and by quadrature."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from integrated_divergences import (
    divergence,
    jensen_shannon,
    kullback_leibler,
    minimax_criterion,
    optimal_discriminator,
    total_variation,
)
from scipy.integrate import quad
from scipy.stats import norm

from wganbench.claims.divergences_ordered import CLOSE, FAR_BELOW
from wganbench.transport.closed_forms import parallel_lines
from wganbench.transport.one_dimensional import piecewise_w1
from wganbench.transport.piecewise import PiecewiseConstant

LINE = [-np.inf, -5.0, -1.0, 0.0, 1.0, 5.0, np.inf]
heights = st.lists(st.floats(0, 1).map(lambda x: round(x, 3)), min_size=3, max_size=3)


def gaussian(mean: float, sd: float) -> Callable[[float], float]:
    return lambda x: float(norm.pdf(x, mean, sd))


def on_thirds(weights: list[float]) -> PiecewiseConstant:
    return PiecewiseConstant(np.arange(4.0), np.array(weights) / sum(weights))


def bump(position: float, width: float, mass: float = 0.5) -> PiecewiseConstant:
    """[Fleuret]: a uniform background on [0, 10] and a bump of this width at this place."""
    return PiecewiseConstant.from_pieces((0, 10, 1 - mass), (position, position + width, mass))


@given(heights.filter(any), heights.filter(any))
def test_piecewise_divergences_are_sums_over_pieces(p: list[float], q: list[float]) -> None:
    a, b = np.array(p) / sum(p), np.array(q) / sum(q)
    both = on_thirds(p), on_thirds(q)

    def relative(of: np.ndarray, to: np.ndarray) -> float:
        held = of > 0
        if (to[held] == 0).any():
            return np.inf
        return float((of[held] * np.log(of[held] / to[held])).sum())

    assert kullback_leibler(*both) == pytest.approx(relative(a, b), abs=1e-9)
    mixed = (relative(a, (a + b) / 2) + relative(b, (a + b) / 2)) / 2
    assert jensen_shannon(*both) == pytest.approx(mixed, abs=1e-9)
    assert total_variation(*both) == pytest.approx(np.abs(a - b).sum() / 2, abs=1e-9)


@given(heights.filter(any), heights.filter(any))
def test_js_bounds_total_variation_and_that_w1(p: list[float], q: list[float]) -> None:
    """What the claim about [WGAN] theorem 2 rests on; [0, 3] has diameter 3."""
    both = on_thirds(p), on_thirds(q)
    variation = total_variation(*both)
    assert piecewise_w1(*both) <= 3 * variation + 1e-9
    assert variation <= np.sqrt(2 * max(jensen_shannon(*both), 0)) + 1e-7


def test_no_smaller_factor_than_two_would_do_between_laws_nearly_alike() -> None:
    both = on_thirds([0.505, 0, 0.495]), on_thirds([0.495, 0, 0.505])
    assert total_variation(*both) / np.sqrt(2 * jensen_shannon(*both)) == pytest.approx(1, abs=1e-4)


def test_far_below_its_bound_lies_between_the_closed_forms_and_a_js_that_falls_as_w1_does() -> None:
    theta = CLOSE
    share = parallel_lines(theta).w1 / np.hypot(1, theta)
    found = share / np.sqrt(2 * parallel_lines(theta).js)
    otherwise = share / np.sqrt(2 * theta * np.log(2))
    assert (found, otherwise) == (pytest.approx(0.085, abs=1e-3), pytest.approx(0.27, abs=5e-3))
    assert pytest.approx(np.sqrt(found * otherwise), abs=5e-3) == FAR_BELOW


@pytest.mark.parametrize("width", [0.25, 1.0, 2.0])
def test_js_saturates_at_the_width_of_the_bump_while_w1_grows_on(width: float) -> None:
    """The closed form printed on the slide is negative for every width, so a misprint.

    By hand: where only one law has its bump, an area of abs(x) each way up to the width, the
    densities are b and b + m / width, b the background's height and m the bump's mass.
    """
    mass, low = 0.5, 0.05
    high = low + mass / width
    rate = high * np.log(2 * high / (low + high)) + low * np.log(2 * low / (low + high))
    shifts = width * np.array([0, 0.25, 0.5, 0.75, 1, 1.25, 2, 3])
    js = np.array([jensen_shannon(bump(1, width), bump(1 + x, width)) for x in shifts])
    w1 = np.array([piecewise_w1(bump(1, width), bump(1 + x, width)) for x in shifts])
    np.testing.assert_allclose(js, np.minimum(shifts, width) * rate, atol=1e-9)
    np.testing.assert_allclose(w1, mass * shifts, atol=1e-9)
    assert (np.diff(js[:5]) > 0).all()
    np.testing.assert_allclose(js[4:], js[4], atol=1e-9)


def test_quadrature_of_gaussians_agrees_with_their_closed_forms() -> None:
    p, q = gaussian(0, 1), gaussian(1, 2)
    expected = np.log(2) + (1 + 1) / 8 - 1 / 2
    assert kullback_leibler(p, q, LINE) == pytest.approx(expected, abs=1e-9)
    overlap = 2 * norm.cdf(0.5) - 1
    assert total_variation(p, gaussian(1, 1), LINE) == pytest.approx(overlap, abs=1e-9)
    assert kullback_leibler(p, gaussian(5, 1), LINE) == pytest.approx(12.5, abs=1e-9)


def test_quadrature_agrees_with_exact_integration() -> None:
    p, q = bump(1, 1), bump(1.5, 1)
    support = np.union1d(p.edges, q.edges).tolist()
    for of in (jensen_shannon, kullback_leibler, total_variation):
        by_quadrature = of(lambda x: float(p.density(x)), q, support)
        assert by_quadrature == pytest.approx(of(p, q), abs=1e-9)


def test_js_of_laws_far_apart_is_log_two_and_kl_infinite() -> None:
    p, q = on_thirds([1, 0, 0]), on_thirds([0, 0, 1])
    assert jensen_shannon(p, q) == pytest.approx(np.log(2), abs=1e-9)
    assert kullback_leibler(p, q) == np.inf
    assert total_variation(p, q) == pytest.approx(1, abs=1e-9)
    support = [0.0, 1.0, 2.0, 3.0]
    assert kullback_leibler(lambda x: float(x < 1), lambda x: float(x > 2), support) == np.inf


def test_the_criterion_at_the_optimal_discriminator_is_two_js_minus_log_four() -> None:
    p, q = gaussian(0, 1), gaussian(2, 1)

    def gain(x: float) -> float:
        d = float(optimal_discriminator(p(x), q(x)))
        return float(p(x) * np.log(d) + q(x) * np.log(1 - d))

    by_hand = quad(gain, -8, 10, epsabs=1e-11, limit=200)[0]
    criterion = minimax_criterion(p, q, LINE)
    assert criterion == pytest.approx(by_hand, abs=1e-9)
    assert criterion == pytest.approx(2 * jensen_shannon(p, q, LINE) - np.log(4), abs=1e-9)
    assert minimax_criterion(p, p, LINE) == pytest.approx(-np.log(4), abs=1e-9)


def test_no_discriminator_beats_the_optimal_one() -> None:
    p, q = bump(1, 1), bump(1.5, 1)
    x = np.linspace(0.05, 9.95, 100)
    a, b = p.density(x), q.density(x)
    best = optimal_discriminator(a, b)
    value = a * np.log(best) + b * np.log(1 - best)
    for other in np.linspace(0.05, 0.95, 19):
        assert (a * np.log(other) + b * np.log(1 - other) <= value + 1e-12).all()
    np.testing.assert_array_equal(optimal_discriminator([0, 1, 0], [0, 0, 1]), [0.5, 1, 0])


def test_any_other_divergence_integrates_too() -> None:
    """Pearson chi^2 of N(0, 1) to N(m, 1), q (p / q - 1)^2 integrated, is exp(m^2) - 1."""
    chi2 = divergence(
        lambda p, q: (p - q) ** 2 / q, gaussian(1, 1), gaussian(0, 1), [-12, -5, 0, 1, 5, 14]
    )
    assert chi2 == pytest.approx(np.e - 1, abs=1e-9)


def test_a_support_must_be_stated_increase_and_hold_the_mass() -> None:
    p = gaussian(0, 1)
    with pytest.raises(ValueError, match="need a support"):
        jensen_shannon(p, p)
    with pytest.raises(ValueError, match="give none"):
        jensen_shannon(bump(1, 1), bump(2, 1), [0, 10])
    with pytest.raises(ValueError, match="increasing"):
        jensen_shannon(p, p, [1, 0])
    with pytest.raises(ValueError, match=r"density p has mass 0\.68"):
        jensen_shannon(p, p, [-1, 1])
    with pytest.raises(ValueError, match="negative"):
        optimal_discriminator([-1.0], [1.0])


def test_a_quadrature_that_does_not_converge_is_an_error() -> None:
    def spiky(x: float) -> float:
        return float(0.5 / np.sqrt(abs(x - np.pi / 5)) * (1 + np.sin(1 / (x - np.pi / 5))))

    with pytest.raises(ArithmeticError, match="quadrature on"):
        total_variation(spiky, gaussian(0, 1), [0, 1])
