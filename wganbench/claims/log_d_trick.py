"""Arjovsky and Bottou 2017, theorem 2.5: what the -log D trick minimises in place of JS."""

from dataclasses import replace
from functools import cache

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.fits import DATA, LAW, at_end
from wganbench.claims.judging.methods import UNCONSTRAINED
from wganbench.claims.judging.pairs import cells, relative_error
from wganbench.claims.judging.thresholds import WITHIN
from wganbench.gather.affine import LINE
from wganbench.gather.selection import Where
from wganbench.objectives.divergences.table import Divergence, named
from wganbench.transport.f_divergences import Fit, best_fit

FITS: Where = {**UNCONSTRAINED, **LINE, "objective.name": "non-saturating"}


@cache
def goal() -> Fit:
    """Return the Gaussian with the least KL(model || data) - 2 JS."""
    return best_fit(reverse_kl_less_js(), DATA.log_density)


def reverse_kl_less_js() -> Divergence:
    """Return KL(model || data) - 2 JS as a divergence that can be integrated; it has no critic."""
    reverse, doubled = named("reverse-kl"), named("js")
    return replace(
        reverse,
        name="reverse Kullback-Leibler less doubled Jensen-Shannon divergence",
        short="reverse KL - 2 JS",
        f=lambda u: reverse.f(u) - doubled.f(u),
    )


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the larger of the relative errors of mean and standard deviation."""
    table = at_end(evidence, FITS, LAW)
    right = goal()
    mean = relative_error(table["mean"], pd.Series(right.mean, table.index))
    sd = relative_error(table["sd"], pd.Series(right.sd, table.index))
    return cells(table, mean.clip(lower=sd))


CLAIM = Claim(
    source="[fGAN] section 3.2; Arjovsky and Bottou 2017, their theorem on -log D",
    origin="other papers",
    statement="With the -log D trick a GAN does not minimise the Jensen-Shannon divergence but "
    "KL(model || data) - 2 JS: a Gaussian that learns a mixture ends where that is least.",
    statistic="relative error of the generator's mean or standard deviation, whichever is larger, "
    "against those of the Gaussian with the least KL(model || data) - 2 JS, by quadrature, at the "
    "end",
    effects=effects,
    direction="at most",
    threshold=WITHIN,
    reason="as for fits in the other divergences; by quadrature the Gaussian with the least JS is "
    "25% off in its mean, so that it fails where JS is minimised",
    model="GAN",
    published="an identity, which holds with the best discriminator",
)
