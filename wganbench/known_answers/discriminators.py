"""Goodfellow et al. 2014: the best discriminator, what it attains, and the two losses."""

from math import log

import numpy as np
from scipy.special import log_expit
from scipy.stats import norm

from wganbench.known_answers import Answer, Known
from wganbench.objectives.gan import Minimax, NonSaturating

LINE = np.linspace(-12.0, 14.0, 26_001)
APART = 2.0  # between the means of two normal laws of variance 1


def criterion(logit: np.ndarray, p: np.ndarray, q: np.ndarray) -> float:
    """Return E log D + E log(1 - D) of a discriminator's logit, by the trapezoidal rule."""
    return float(np.trapezoid(p * log_expit(logit) + q * log_expit(-logit), LINE))


def _jensen_shannon(p: np.ndarray, q: np.ndarray) -> float:
    middle = (p + q) / 2
    return float(np.trapezoid(p * np.log(p / middle) + q * np.log(q / middle), LINE)) / 2


def _advantage() -> float:
    """Return the least that D* = p/(p + q) is ahead of a discriminator with another slope."""
    others = [criterion(slope * BEST, P, Q) for slope in (0.5, 0.9, 1.1, 2.0)]
    return criterion(BEST, P, Q) - max(others)


def _slope_of_both() -> float:
    """Return the sum of the two losses' slopes in the logit that is farthest from 1."""
    logits = np.linspace(-8, 8, 1601)
    both = Minimax().pull(logits) + NonSaturating().pull(logits)
    return float(both[np.abs(both - 1).argmax()])


P, Q = norm.pdf(LINE), norm.pdf(LINE, APART)
BEST = norm.logpdf(LINE) - norm.logpdf(LINE, APART)  # the logit of p / (p + q)

KNOWN = Known(
    title="Discriminators",
    source="Goodfellow et al. 2014, proposition 1 and theorem 1",
    answers=(
        Answer("the criterion at p = q", "−log 4 = −1.386", -log(4),
               criterion(np.zeros_like(P), P, P), "quadrature at D = 1/2"),
        Answer("the criterion at D* = p/(p + q)", "2 JS − log 4",
               2 * _jensen_shannon(P, Q) - log(4), criterion(BEST, P, Q),
               "quadrature, two normal laws at a distance of 2"),
        Answer("steeper and flatter discriminators that attain more", "none", 0,
               float(_advantage() <= 0), "quadrature, slopes of 1/2 to 2 times the best logit's"),
        Answer("downward slope of the sum of the two generator losses in the logit",
               "1: their blend is linear", 1, _slope_of_both(),
               "this project's two losses at logits from −8 to 8"),
    ),
)  # fmt: skip
