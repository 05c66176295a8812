"""f-divergences of normal laws by quadrature: closed forms, [fGAN] table 3, and critics' bounds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from wganbench.data.fgan_mixture import FGANMixture
from wganbench.objectives.f_gan import FGAN
from wganbench.report.tables import fits
from wganbench.transport.f_divergences import NARROWEST, best_fit, bound_of_critic, exact_divergence

DATA = FGANMixture().log_density
# [fGAN] table 3: D_f at the best fit, its mean and its standard deviation.
PRINTED = {
    name: (printed.divergence[0], printed.mean[0], printed.sd[0])
    for name, printed in fits.PRINTED.items()
}
each = pytest.mark.parametrize("name", PRINTED)


def row(name):
    return FGAN(f_divergence=name).row


@each
def test_the_recovered_mixture_has_the_printed_divergences_at_the_printed_fits(name):
    printed, mean, sd = PRINTED[name]
    assert exact_divergence(row(name), DATA, mean, sd) == pytest.approx(printed, abs=1.5e-4)


@each
def test_the_recovered_mixtures_best_fits_are_the_printed_ones(name):
    """Two stationarity conditions for each divergence; printed are four digits."""
    printed, mean, sd = PRINTED[name]
    assert best_fit(row(name), DATA) == pytest.approx((mean, sd, printed), abs=6e-4)


def test_another_mixture_has_others():
    """The comparison above can fail: a mode moved by 1% shows."""
    moved = FGANMixture()
    weights = np.log(np.array(moved.weights))

    def density(x):
        parts = [norm.logpdf(x, mean, sd) for mean, sd in ((2.02, 1.415), (-1.0, 0.255))]
        return np.logaddexp(*(w + part for w, part in zip(weights, parts, strict=True)))

    gaps = [abs(exact_divergence(row(n), density, *p[1:]) - p[0]) for n, p in PRINTED.items()]
    assert max(gaps) > 1e-3


@given(m1=st.floats(-1, 1), s1=st.floats(0.5, 2), m2=st.floats(-1, 1), s2=st.floats(0.5, 2))
def test_kullback_leibler_of_normal_laws_is_the_closed_form(m1, s1, m2, s2):
    def data(x):
        return norm.logpdf(x, m1, s1)

    forward = np.log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) - 0.5
    backward = np.log(s1 / s2) + (s2**2 + (m1 - m2) ** 2) / (2 * s1**2) - 0.5
    assert exact_divergence(row("kl"), data, m2, s2) == pytest.approx(forward, abs=1e-9)
    assert exact_divergence(row("reverse-kl"), data, m2, s2) == pytest.approx(backward, abs=1e-9)
    assert exact_divergence(row("jeffrey"), data, m2, s2) == pytest.approx(
        forward + backward, abs=1e-9
    )


def test_a_normal_law_is_fitted_by_itself():
    for name in PRINTED:
        fit = best_fit(row(name), lambda x: norm.logpdf(x, 0.7, 1.3))
        assert fit == pytest.approx((0.7, 1.3, 0), abs=2e-4)


def test_an_infinite_divergence_is_infinite_or_huge():
    """Pearson's, of a model less than 1 / sqrt 2 as wide as the data."""
    assert exact_divergence(row("pearson"), DATA, 0.0, 0.5) > 1e6


def test_a_model_that_has_left_the_data_is_as_far_as_it_can_be():
    for mean in (-20.0, 60.0):
        assert exact_divergence(row("js"), DATA, mean, 0.5) == pytest.approx(
            2 * np.log(2), abs=1e-6
        )
        for name in ("kl", "reverse-kl", "jeffrey", "pearson"):
            assert exact_divergence(row(name), DATA, mean, 0.5) > 100


def test_a_point_has_the_divergence_of_a_narrow_law():
    for name in PRINTED:
        point = exact_divergence(row(name), DATA, 1.0, 0.0)
        assert point == exact_divergence(row(name), DATA, 1.0, NARROWEST)


@each
def test_the_best_critics_bound_is_the_divergence_and_a_blind_ones_0(name):
    mean, sd = 1.3, 1.8
    points = np.linspace(-6, 9, 401)
    log_u = DATA(points) - norm.logpdf(points, mean, sd)
    u = np.exp(log_u)
    best = {
        "kl": 1 + log_u,
        "reverse-kl": log_u,
        "js": log_u,
        "jeffrey": log_u + 1 - 1 / u,
        "pearson": 2 * (u - 1),
    }
    blind = {"kl": 1.0}.get(name, 0.0)
    divergence = exact_divergence(row(name), DATA, mean, sd)
    bound = bound_of_critic(row(name), DATA, mean, sd, points, best[name])
    assert bound == pytest.approx(divergence, rel=0.01)
    assert bound <= divergence + 1e-9
    flat = np.full(401, blind)
    assert bound_of_critic(row(name), DATA, mean, sd, points, flat) == pytest.approx(0, abs=1e-9)


def test_the_mixtures_density_is_that_of_its_samples():
    density = quad(lambda x: np.exp(DATA(np.array([x]))[0]), -8, 10, limit=200)[0]
    assert density == pytest.approx(1, abs=1e-6)
    arrays = FGANMixture().generate(np.random.default_rng(0))
    x = np.sort(arrays.train[:, 0].astype(float))
    cdf = 0.67 * norm.cdf(x, 2, 1.415) + 0.33 * norm.cdf(x, -1, 0.255)
    assert np.abs(cdf - np.arange(1, len(x) + 1) / len(x)).max() < 2 / np.sqrt(len(x))
