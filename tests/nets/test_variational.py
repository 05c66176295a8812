"""The variational bound against torch's and scipy's laws, and where it is log p(x) itself."""

import numpy as np
import pytest
import torch
from configurations import IMAGES, TOY, configuration
from pydantic import ValidationError
from scipy.stats import bernoulli as bernoulli_law
from scipy.stats import multivariate_normal, norm
from torch.distributions import Normal, kl_divergence

from wganbench.nets.dcgan_encoder import DCGANEncoder
from wganbench.nets.layers.variational import (
    bernoulli,
    best_log_sd,
    divergence,
    drawn,
    gaussian,
)
from wganbench.nets.mlp_encoder import MLPEncoder
from wganbench.training.game import Game
from wganbench.training.streams import Streams

MEAN = torch.tensor([0.3, -0.2, 0.1, 0.5])
LOADINGS = torch.tensor([[0.8, 0.1], [-0.4, 0.2], [0.4, 0.0], [0.0, -0.5]])
SD = 0.6
MANY = 40_000  # latents for each sample


def streams(replicas: int = 1) -> Streams:
    return Streams(tuple(range(replicas)), torch.device("cpu"))


def test_the_divergence_is_that_of_torchs_normal_laws():
    mean, log_variance = torch.randn(3, 5, 4), torch.randn(3, 5, 4)
    laws = Normal(mean, (log_variance / 2).exp()), Normal(torch.zeros(4), torch.ones(4))
    expected = kl_divergence(*laws).sum(-1)
    torch.testing.assert_close(divergence(mean, log_variance), expected)
    assert torch.equal(divergence(torch.zeros(1, 2, 3), torch.zeros(1, 2, 3)), torch.zeros(1, 2))


def test_the_gaussian_likelihood_is_scipys():
    x, mean = torch.randn(2, 3, 1, 4, 4), torch.randn(2, 3, 1, 4, 4)
    sds = torch.tensor([0.7, 2.0])
    found = gaussian(x, mean, sds.log())
    for replica, sd in enumerate(sds.tolist()):
        expected = norm.logpdf(x[replica].numpy(), mean[replica].numpy(), sd).sum((1, 2, 3))
        np.testing.assert_allclose(found[replica], expected, rtol=1e-5)


def test_under_no_other_standard_deviation_is_the_batch_likelier():
    x, mean = torch.randn(2, 3, 8), torch.randn(2, 3, 8)
    best = best_log_sd(x, mean)
    np.testing.assert_allclose(best.exp(), (x - mean).pow(2).mean((1, 2)).sqrt(), rtol=1e-5)
    for other in (best + 0.1, best - 0.1):
        total, less = (gaussian(x, mean, log_sd).sum(1) for log_sd in (best, other))
        assert (total > less).all()


def test_the_bernoulli_likelihood_of_black_and_white_images_is_scipys():
    x, p = torch.randint(2, (2, 3, 8)).float(), torch.rand(2, 3, 8)
    found = bernoulli(2 * x - 1, 2 * p - 1)
    expected = bernoulli_law.logpmf(x.numpy(), p.numpy()).sum(-1)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def bounds(coded: torch.Tensor, x: torch.Tensor) -> tuple[float, float]:
    """Return the mean bound of one sample over many latents, and its standard error."""
    noise = torch.randn(1, MANY, 2, generator=torch.Generator().manual_seed(3))
    z, kl = drawn(coded.expand(1, MANY, 4), noise)
    reconstruction = gaussian(x.expand(1, MANY, 4), MEAN + z @ LOADINGS.T, torch.tensor([SD]).log())
    found = (reconstruction - kl).double()
    return float(found.mean()), float(found.std()) / MANY**0.5


def posterior(x: torch.Tensor) -> torch.Tensor:
    """Return mean and log variance of p(z | x): Tipping and Bishop 1999, equation 9.

    Its covariance is diagonal, as the loadings' columns are orthogonal.
    """
    precision = LOADINGS.T @ LOADINGS / SD**2 + torch.eye(2)
    assert abs(precision[0, 1]) < 1e-6
    mean = LOADINGS.T @ (x - MEAN) / SD**2 / precision.diagonal()
    return torch.cat([mean, -precision.diagonal().log()])


@pytest.mark.parametrize("seed", range(3))
def test_the_bound_is_the_likelihood_of_probabilistic_pca_for_the_best_encoder_alone(seed):
    x = torch.randn(4, generator=torch.Generator().manual_seed(seed))
    covariance = LOADINGS @ LOADINGS.T + SD**2 * torch.eye(4)
    exact = float(multivariate_normal.logpdf(x.numpy(), MEAN.numpy(), covariance.numpy()))
    best, error = bounds(posterior(x), x)
    assert best == pytest.approx(exact, abs=4 * error)
    for wrong in (torch.tensor([0.4, 0, 0, 0]), torch.tensor([0, 0, 0, 0.8])):
        # The gap is the divergence of the encoder's law from the posterior.
        coded = posterior(x) + wrong
        laws = [Normal(c[:2], (c[2:] / 2).exp()) for c in (coded, posterior(x))]
        gap = float(kl_divergence(*laws).sum())
        worse, error = bounds(coded, x)
        assert gap > 0.05
        assert worse == pytest.approx(exact - gap, abs=4 * error)


@pytest.mark.parametrize("encoder", [MLPEncoder(width=8), DCGANEncoder(width=4)])
def test_an_encoder_gives_each_image_its_own_law(encoder):
    net, images = encoder.build((1, 16, 16), 5, streams(2)), torch.randn(2, 6, 1, 16, 16)
    coded = net(images)
    assert coded.shape == (2, 6, 10)
    torch.testing.assert_close(net(images[:, :2]), coded[:, :2])


def vae(**changes):
    settings = {"algorithm": "vae", "encoder__name": "mlp", "encoder__width": 16} | changes
    return configuration("gan", IMAGES, **settings)


def test_encoder_and_decoder_step_along_the_bounds_gradient():
    config = vae(optimizer__name="sgd", optimizer__lr=1e-4, optimizer__momentum=0.0)
    arrays = config.data.generate(np.random.default_rng(0))
    game, twin = (Game(config, arrays, (0, 1), "cpu") for _ in range(2))
    assert set(game.nets()) == {"generator", "encoder"}
    expected = twin.algorithm.bound(twin, twin.task.sampler.real())
    (-expected["elbo"].sum()).backward()
    log = game.iterate()
    assert set(log) == {"elbo", "reconstruction", "kl", "pixel_log_sd"}
    torch.testing.assert_close(log["elbo"], expected["elbo"].detach())
    torch.testing.assert_close(log["elbo"], log["reconstruction"] - log["kl"])
    for name, net in game.nets().items():
        for moved, parameter in zip(net.parameters(), twin.nets()[name].parameters(), strict=True):
            torch.testing.assert_close(moved, parameter - 1e-4 * parameter.grad)


def test_what_a_vae_cannot_be_trained_on_is_refused():
    with pytest.raises(ValidationError, match="makes images"):
        configuration("gan", TOY, algorithm="vae", encoder__name="mlp")
    with pytest.raises(ValidationError, match="output: tanh"):
        vae(generator__name="mlp", generator__width=8, likelihood="bernoulli")
    assert vae(generator__name="mlp", generator__width=8).algorithm.likelihood == "gaussian"
