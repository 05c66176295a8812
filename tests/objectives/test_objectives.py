"""Objectives against their known answers (Goodfellow et al. 2014; [WGAN])."""

from math import log

import torch
from hypothesis import given
from hypothesis import strategies as st

from wganbench.objectives.gan import Minimax, NonSaturating
from wganbench.objectives.lsgan import LeastSquares
from wganbench.objectives.wasserstein import Wasserstein

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
