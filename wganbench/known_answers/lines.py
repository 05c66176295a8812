"""[WGAN] example 1, two parallel lines, and what noise makes of the divergence there."""

from math import log

import numpy as np
from scipy.special import rel_entr
from scipy.stats import norm

from wganbench.known_answers import Answer, Known
from wganbench.transport.exact import exact_w1

THETA, NOISE = 0.5, 0.25  # the shift; standard deviation of the noise
SIDE = np.linspace(-4.0, 4.0, 8_001)
N = 200


def kl_with_noise(theta: float, noise: float) -> float:
    """Return KL(P0 || P_theta) across the lines, both blurred by normal noise, by quadrature.

    Along the lines the two laws are alike, noise or not, and contribute nothing.
    """
    p, q = norm.logpdf(SIDE, 0, noise), norm.logpdf(SIDE, theta, noise)
    return float(np.trapezoid(np.exp(p) * (p - q), SIDE))


def _transport() -> float:
    """Return exact W1 of as many points on both lines, at the same heights."""
    height = (np.arange(N) + 0.5) / N
    lines = [np.stack([np.full(N, x), height], axis=-1) for x in (0.0, THETA)]
    return float(exact_w1(*lines))


def _jensen_shannon() -> float:
    """Return it over cells of a grid, each line in N of its own."""
    real, model = np.repeat(np.eye(2) / N, N, axis=-1)
    middle = (real + model) / 2
    return float(rel_entr(real, middle).sum() + rel_entr(model, middle).sum()) / 2


KNOWN = Known(
    title="Parallel lines",
    source="[WGAN] example 1; with noise, as Arjovsky and Bottou 2017 propose",
    answers=(
        Answer(f"W1 at θ = {THETA:g}", "|θ|", THETA, _transport(),
               "exact transport of points on a grid"),
        Answer(f"JS at θ = {THETA:g}", "log 2 = 0.693", log(2), _jensen_shannon(),
               "sum over the cells of a grid"),
        Answer(f"KL at θ = {THETA:g} with noise σ = {NOISE:g}", "θ²/(2σ²) = 2",
               THETA**2 / (2 * NOISE**2), kl_with_noise(THETA, NOISE), "quadrature"),
    ),
)  # fmt: skip
