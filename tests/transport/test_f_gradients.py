"""Two ways downhill for a normal model on the line: the divergence's own and a critic's."""

import numpy as np
import pytest
from scipy.stats import norm

from wganbench.data.fgan_mixture import FGANMixture
from wganbench.objectives.divergences.table import named
from wganbench.transport.f_divergences import best_fit
from wganbench.transport.f_gradients import critic_descent, exact_descent

DATA = FGANMixture().log_density
POINTS = np.linspace(-9.0, 10.0, 20_001)
# V of the best critic, g_f(V) = f'(u), in the logarithm of the ratio u = p / q.
BEST_CRITIC = {
    "kl": lambda log_u: 1 + log_u,
    "js": lambda log_u: log_u,
    "pearson": lambda log_u: 2 * np.expm1(log_u),
}
each = pytest.mark.parametrize("name", BEST_CRITIC)


def best_values(name: str, mean: float, sd: float) -> np.ndarray:
    return BEST_CRITIC[name](DATA(POINTS) - norm.logpdf(POINTS, mean, sd))


@each
def test_the_divergence_is_flat_at_its_best_fit_and_falls_towards_it(name):
    fit = best_fit(named(name), DATA)
    assert exact_descent(named(name), DATA, fit.mean, fit.sd) == pytest.approx((0, 0), abs=1e-3)
    beside = exact_descent(named(name), DATA, fit.mean - 0.2, fit.sd)
    assert beside[0] > 0.01


@each
@pytest.mark.parametrize("law", [(0.5, 2.0), (1.5, 1.7), (2.5, 2.5)])
def test_the_best_critic_leads_where_the_divergence_falls(name, law):
    """Its bound touches the divergence there, so that their gradients agree."""
    followed = critic_descent(named(name), *law, POINTS, best_values(name, *law))
    assert followed == pytest.approx(exact_descent(named(name), DATA, *law), rel=0.01, abs=1e-3)


def test_a_critic_that_knows_less_pulls_less():
    law = (0.5, 2.0)
    values = best_values("js", *law)
    full, half, none = (
        critic_descent(named("js"), *law, POINTS, share * values) for share in (1.0, 0.5, 0.0)
    )
    assert np.linalg.norm(half) < np.linalg.norm(full)
    assert none == pytest.approx((0, 0))
