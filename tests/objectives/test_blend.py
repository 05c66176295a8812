"""Blends: their ends are a GAN and a WGAN, and Goodfellow's two losses average to WGAN's."""

from math import log

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from wganbench.objectives.blend import Blend
from wganbench.objectives.gan import Minimax, NonSaturating
from wganbench.objectives.wasserstein import Wasserstein

logits = st.lists(st.floats(-300, 300, width=32), min_size=1, max_size=20).map(
    lambda values: torch.tensor([values], dtype=torch.float64)
)
shares = st.floats(0, 1)
LOSSES = ("minimax", "non-saturating", "average")
GANS = {"minimax": Minimax(), "non-saturating": NonSaturating()}
each_loss = pytest.mark.parametrize("loss", LOSSES)


def of_each(objective, real, fake):
    """Return both players' losses with their gradients in every logit."""
    found = []
    for loss in (
        lambda r, f: objective.critic_loss(r, f),
        lambda r, f: objective.generator_loss(f) + 0 * r.sum(),
    ):
        leaves = [values.clone().requires_grad_() for values in (real, fake)]
        value = loss(*leaves)
        found += [value.detach(), *torch.autograd.grad(value.sum(), leaves)]
    return found


@given(fake=logits)
def test_the_average_of_goodfellows_losses_is_linear_in_the_logit(fake):
    """Its value is -f / 2 and its gradient the same for a sure and a blind discriminator."""
    values = fake.clone().requires_grad_()
    loss = Blend(share=1, gan_loss="average").generator_loss(values)
    (gradient,) = torch.autograd.grad(loss.sum(), values)
    torch.testing.assert_close(loss, Wasserstein().generator_loss(fake) / 2)
    torch.testing.assert_close(gradient, torch.full_like(fake, -1 / (2 * fake.shape[1])))


@given(real=logits, fake=logits)
def test_the_critics_loss_of_that_gan_is_not_linear(real, fake):
    blend, wgan = Blend(share=1, gan_loss="average"), Wasserstein()
    torch.testing.assert_close(blend.critic_loss(real, fake), Minimax().critic_loss(real, fake))
    both = [objective.critic_loss(real, fake) for objective in (blend, wgan)]
    # log(1 + exp(x)) > x / 2, so that half of a WGAN's loss lies below
    assert (both[0] > both[1] / 2).all()


@each_loss
@given(real=logits, fake=logits)
def test_the_ends_are_the_losses_of_wgan_and_gan_bit_for_bit(loss, real, fake):
    wgan = Blend(share=0, gan_loss=loss)
    for ours, theirs in zip(
        of_each(wgan, real, fake), of_each(Wasserstein(), real, fake), strict=True
    ):
        assert torch.equal(ours, theirs)
    if loss in GANS:
        gan = Blend(share=1, gan_loss=loss)
        for ours, theirs in zip(
            of_each(gan, real, fake), of_each(GANS[loss], real, fake), strict=True
        ):
            assert torch.equal(ours, theirs)


@each_loss
@given(share=shares, real=logits, fake=logits)
def test_between_the_ends_losses_gradients_and_estimates_are_their_weighted_mean(
    loss, share, real, fake
):
    between, wgan, gan = (Blend(share=s, gan_loss=loss) for s in (share, 0, 1))
    all_three = (of_each(objective, real, fake) for objective in (between, wgan, gan))
    for found, of_wgan, of_gan in zip(*all_three, strict=True):
        torch.testing.assert_close(found, share * of_gan + (1 - share) * of_wgan)
    if share > 0:
        means = real.mean(-1) - fake.mean(-1)
        right = share * Minimax().divergence(real, fake) + (1 - share) * means
        torch.testing.assert_close(between.divergence(real, fake), right)


@each_loss
@given(share=shares, fake=logits)
def test_the_pull_is_the_size_of_the_losss_slope_at_every_share(loss, share, fake):
    values = fake.clone().requires_grad_()
    objective = Blend(share=share, gan_loss=loss)
    (gradient,) = torch.autograd.grad(objective.generator_loss(values).sum(), values)
    pull = torch.from_numpy(objective.pull(fake.numpy()))
    torch.testing.assert_close(pull, fake.shape[1] * gradient.abs())


def test_what_a_critic_estimates_is_named_at_the_ends_and_no_distance_between():
    assert Blend(share=0).quantity == Wasserstein().quantity
    assert Blend(share=0).divergence(torch.zeros(1, 2), torch.ones(1, 2)) is None
    assert Blend(share=1).quantity == Minimax().quantity
    half = Blend(share=0.5)
    assert half.quantity.bound is None
    assert not half.quantity.is_distance


def test_only_a_gans_critic_is_drawn_as_a_probability():
    far = np.array([-60.0, 0.0, 60.0])
    gan = Blend(share=1)
    assert gan.is_probability
    np.testing.assert_allclose(gan.link(far), [np.exp(-60), 0.5, 1])
    np.testing.assert_allclose(gan.link_slope(far), Minimax().link_slope(far))
    half = Blend(share=0.5)
    assert not half.is_probability
    np.testing.assert_array_equal(half.link(far), far)
    np.testing.assert_array_equal(half.link_slope(far), 1)


def test_a_blind_critic_of_a_blend_loses_the_gans_part_alone():
    zero = torch.zeros(1, 4)
    assert Blend(share=0.5).critic_loss(zero, zero).item() == pytest.approx(log(2))
    assert Blend(share=0.5).divergence(zero, zero).item() == pytest.approx(0)
