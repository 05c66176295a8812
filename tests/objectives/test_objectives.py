"""Objectives against their known answers (Goodfellow et al. 2014; [WGAN])."""

from math import log

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from wganbench.objectives import Objective
from wganbench.objectives.gan import Minimax, NonSaturating
from wganbench.objectives.lsgan import LeastSquares
from wganbench.objectives.wasserstein import Wasserstein
from wganbench.plan.keys import sections

# Within this range sigmoid and log, the naive oracle, are exact enough in double precision.
logits = st.lists(st.floats(-12, 12), min_size=2, max_size=20).map(
    lambda values: torch.tensor([values], dtype=torch.float64)
)


@given(logits, logits)
def test_critic_loss_is_minus_the_log_likelihood(real, fake):
    d_real, d_fake = torch.sigmoid(real), torch.sigmoid(fake)
    likelihood = d_real.log().mean(-1) + (1 - d_fake).log().mean(-1)
    torch.testing.assert_close(Minimax().critic_loss(real, fake), -likelihood)


@given(logits)
def test_the_sum_of_both_generator_losses_is_linear_in_the_logit(fake):
    # softplus(-x) - softplus(x) = -x
    blend = Minimax().generator_loss(fake) + NonSaturating().generator_loss(fake)
    torch.testing.assert_close(blend, -fake.mean(-1))


def test_a_blind_discriminator_says_that_the_laws_agree():
    zero = torch.zeros(1, 8, dtype=torch.float64)
    assert Minimax().critic_loss(zero, zero).item() == 2 * log(2)  # the criterion is -log 4
    assert Minimax().divergence(zero, zero).item() == 0


def test_a_perfect_discriminator_says_log_2():
    far = torch.full((1, 8), 60.0, dtype=torch.float64)
    assert abs(NonSaturating().divergence(far, -far).item() - log(2)) < 1e-15


def test_the_optimal_discriminator_gives_the_jensen_shannon_divergence():
    # p = (1/2, 1/2), q = (1/4, 3/4) on two points; D* = p / (p + q).
    p, q = torch.tensor([0.5, 0.5]).double(), torch.tensor([0.25, 0.75]).double()
    f = (p / q).log()  # logit of D*
    m = (p + q) / 2
    js = 0.5 * (p * (p / m).log()).sum() + 0.5 * (q * (q / m).log()).sum()
    real = f[[0, 0, 1, 1]][None]
    fake = f[[0, 1, 1, 1]][None]
    torch.testing.assert_close(Minimax().divergence(real, fake), js[None])


@given(logits, logits)
def test_the_wasserstein_critic_and_generator_pull_opposite_ways(real, fake):
    objective = Wasserstein()
    torch.testing.assert_close(
        -objective.critic_loss(real, fake), real.mean(-1) + objective.generator_loss(fake)
    )
    assert objective.divergence(real, fake) is None


# Two points: p = (1/2, 1/2), q = (1/4, 3/4), each sample as often as its probability says.
P, Q = torch.tensor([0.5, 0.5]).double(), torch.tensor([0.25, 0.75]).double()
OF_P, OF_Q = [0, 0, 1, 1], [0, 1, 1, 1]


def test_least_squares_labels_are_one_for_real_and_zero_for_generated_samples():
    objective, ones, zeros = LeastSquares(), torch.ones(1, 4), torch.zeros(1, 4)
    assert objective.critic_loss(ones, zeros).item() == 0
    assert objective.critic_loss(zeros, ones).item() == 1
    assert objective.generator_loss(ones).item() == 0  # a generator that is taken for real
    assert objective.generator_loss(torch.full((1, 4), 3.0)).item() == 4
    assert objective.divergence(ones, zeros) is None


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_the_optimal_least_squares_critic_is_the_share_of_real_samples(first, second):
    best = P / (P + Q)
    other = torch.tensor([first, second]).double()
    loss = {
        name: LeastSquares().critic_loss(d[OF_P][None], d[OF_Q][None]).item()
        for name, d in (("best", best), ("other", other))
    }
    assert loss["best"] <= loss["other"] + 1e-12


def test_the_optimal_least_squares_critic_measures_the_triangular_discrimination():
    best = (P / (P + Q))[None]
    real, fake = best[:, OF_P], best[:, OF_Q]
    discrimination = ((P - Q) ** 2 / (P + Q)).sum()
    estimate = real.mean(-1) - fake.mean(-1)
    torch.testing.assert_close(estimate, discrimination[None] / 2)
    loss = LeastSquares().critic_loss(real, fake)
    torch.testing.assert_close(loss, (2 - discrimination[None]) / 8)


def test_a_blind_least_squares_critic_says_one_half_and_loses_a_quarter():
    half = torch.full((1, 8), 0.5)
    assert LeastSquares().critic_loss(half, half).item() == 0.25


def test_losses_stay_finite_at_huge_logits():
    huge = torch.tensor([[1e30, -1e30]])
    for objective in (Minimax(), NonSaturating()):
        assert torch.isfinite(objective.critic_loss(huge, huge)).all()
        assert torch.isfinite(objective.generator_loss(huge)).all()


OBJECTIVES = sorted(
    (plugin() for plugin in sections()["objective"].plugins.values()), key=lambda o: o.name
)
everyone = pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda objective: objective.name)


@everyone
@given(values=logits)
def test_the_pull_is_the_size_of_the_generators_loss_derivative(objective, values):
    """Of one sample's loss; a batch's is their mean."""
    fake = values.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(objective.generator_loss(fake).sum(), fake)
    pull = torch.from_numpy(objective.pull(values.numpy()))
    torch.testing.assert_close(pull, len(values[0]) * gradient.abs())


@everyone
@given(values=logits)
def test_the_links_slope_is_its_derivative(objective, values):
    h = 1e-6
    up, down = (objective.link((values + sign * h).numpy()) for sign in (1, -1))
    slope = torch.from_numpy(objective.link_slope(values.numpy()))
    torch.testing.assert_close(slope, torch.from_numpy(up - down) / (2 * h), rtol=1e-4, atol=1e-9)


@everyone
@given(values=logits)
def test_a_link_to_a_probability_stays_in_its_range_and_grows(objective, values):
    ordered = values.sort().values.numpy()
    linked = objective.link(ordered)
    assert (np.diff(linked) >= 0).all()
    if objective.is_probability:
        assert ((linked > 0) & (linked < 1)).all()
        assert objective.link(np.zeros(1)) == 0.5
    else:
        np.testing.assert_array_equal(linked, ordered)


@pytest.mark.parametrize("objective", [Minimax(), NonSaturating()])
@given(values=logits)
def test_the_probability_is_the_one_whose_likelihood_the_loss_is(objective, values):
    zero = torch.zeros_like(values)
    of_real = objective.critic_loss(values, zero) - log(2)
    probability = torch.from_numpy(objective.link(values.numpy()))
    torch.testing.assert_close(of_real, -probability.log().mean(-1))


@pytest.mark.parametrize("objective", [Minimax(), NonSaturating()])
def test_slope_and_pull_are_exact_where_a_discriminator_is_sure(objective):
    """1 - D would be lost to rounding there: figures draw vanishing gradients on a log axis."""
    far = np.array([-60.0, 60.0])
    np.testing.assert_allclose(objective.link_slope(far), np.exp(-60), rtol=1e-12)
    vanishing = 0 if objective.name == "minimax" else 1
    np.testing.assert_allclose(objective.pull(far)[vanishing], np.exp(-60), rtol=1e-12)
    np.testing.assert_allclose(objective.pull(far)[1 - vanishing], 1)


def at_best(objective: Objective, real: list[int], fake: list[int]) -> float:
    """Return what the best critic's values estimate, of samples that are given by their points."""
    points = len({*real, *fake})

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        f = torch.from_numpy(values).requires_grad_()
        found = objective.critic_loss(f[real][None], f[fake][None])
        (gradient,) = torch.autograd.grad(found.sum(), f)
        return found.item(), gradient.numpy()

    best = torch.from_numpy(minimize(loss, np.zeros(points), jac=True, tol=1e-12).x)
    divergence = objective.divergence(best[real][None], best[fake][None])
    means = best[real].mean() - best[fake].mean()
    return float(means if divergence is None else divergence)


bounded = pytest.mark.parametrize(
    "objective",
    [objective for objective in OBJECTIVES if objective.quantity.bound is not None],
    ids=lambda objective: objective.name,
)


@bounded
@given(points=st.lists(st.integers(0, 2), min_size=4, max_size=12))
def test_the_best_critics_estimate_never_exceeds_the_quantitys_bound(objective, points):
    real, fake = [0, 1, 2, *points[::2]], [0, 1, 2, *points[1::2]]
    assert -1e-9 <= at_best(objective, real, fake) <= objective.quantity.bound
    assert at_best(objective, real, real) == pytest.approx(0, abs=1e-9)


@bounded
def test_the_quantitys_bound_is_what_the_best_critic_reaches_where_the_laws_do_not_meet(objective):
    estimate = at_best(objective, [0, 0, 1], [2, 3])
    assert estimate == pytest.approx(objective.quantity.bound, rel=1e-4)


@everyone
def test_a_distance_has_no_bound_and_is_estimated_by_the_difference_of_means(objective):
    if objective.quantity.is_distance:
        assert objective.quantity.bound is None
        assert objective.divergence(torch.zeros(1, 2), torch.ones(1, 2)) is None
    assert Wasserstein().quantity.is_distance
