"""The parts of the variational bound on log p(x): [VAE] section 2.3 and appendices B and C.

Exponentials and logarithms are taken replica by replica, as in `activations`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import log, pi

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import binary_cross_entropy


def drawn(
    coded: Float[Tensor, "replica batch two_latent"], noise: Float[Tensor, "replica batch latent"]
) -> tuple[Float[Tensor, "replica batch latent"], Float[Tensor, "replica batch"]]:
    """Return a latent z of q(z | x) for each x, and the divergence of q(z | x) from the prior.

    log p(x | z) less the second is an unbiased estimate of the bound: [VAE] equation 10 with L = 1.

    Args:
        coded: of each x the mean of q(z | x), then the logarithm of its variance.
        noise: draws of N(0, I), which z is a function of: [VAE] section 2.4.
    """
    mean, log_variance = coded.chunk(2, dim=-1)
    return mean + _each(torch.exp, log_variance / 2) * noise, divergence(mean, log_variance)


def divergence(
    mean: Float[Tensor, "replica batch latent"], log_variance: Float[Tensor, "replica batch latent"]
) -> Float[Tensor, "replica batch"]:
    """Return KL(N(mean, variance) | N(0, I)) in nats: [VAE] appendix B."""
    return (mean**2 + _each(torch.exp, log_variance) - 1 - log_variance).sum(-1) / 2


def gaussian(
    x: Float[Tensor, "replica batch *shape"],
    mean: Float[Tensor, "replica batch *shape"],
    log_sd: Float[Tensor, " replica"],
) -> Float[Tensor, "replica batch"]:
    """Return the logarithm of the density of N(mean, sd^2 I), in nats per sample."""
    squares = ((x - mean) ** 2).flatten(2)
    scaled = squares.sum(-1) * _each(torch.exp, -2 * log_sd)[:, None] / 2
    return -scaled - squares.shape[-1] * (log_sd[:, None] + log(2 * pi) / 2)


def best_log_sd(
    x: Float[Tensor, "replica batch *shape"], mean: Float[Tensor, "replica batch *shape"]
) -> Float[Tensor, " replica"]:
    """Return the log standard deviation under which the batch is likeliest.

    Rybkin et al. 2021 (arXiv 2006.13202), equation 8: a learned one lags behind the decoder.
    """
    squares = ((x - mean) ** 2).flatten(2).mean(-1).mean(-1)
    return _each(torch.log, squares) / 2


def bernoulli(
    x: Float[Tensor, "replica batch *shape"], mean: Float[Tensor, "replica batch *shape"]
) -> Float[Tensor, "replica batch"]:
    """Return x log p + (1 - x) log(1 - p), both given in [-1, 1], in nats per sample.

    A likelihood of black and white pixels alone: of grey ones it is no law ([VAE] appendix C.1
    takes it for MNIST nevertheless).
    """
    pixels = zip((x.flatten(2) + 1) / 2, (mean.flatten(2) + 1).clamp(0, 2) / 2, strict=True)
    return -torch.stack([binary_cross_entropy(p, x, reduction="none") for x, p in pixels]).sum(-1)


def _each(
    function: Callable[[Tensor], Tensor], x: Float[Tensor, "replica *any"]
) -> Float[Tensor, "replica *any"]:
    return torch.stack([function(values) for values in x])
