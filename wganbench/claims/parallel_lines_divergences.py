"""[WGAN] example 1: between parallel lines the divergences do not move."""

from math import log

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.lines import at_shifts, worst_shift
from wganbench.claims.judging.methods import GAN
from wganbench.claims.judging.thresholds import WITHIN
from wganbench.transport.closed_forms import parallel_lines


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the error of the discriminator's JS estimate for each shift, relative to log 2."""
    ends = at_shifts(evidence, GAN, "divergence_heldout")
    truth = ends["theta"].map(lambda theta: parallel_lines(theta).js)
    return worst_shift(evidence, ends, (ends["value"] - truth).abs() / log(2))


CLAIM = Claim(
    source="[WGAN] example 1 and figure 1",
    statement="Between parallel lines theta apart the Jensen-Shannon divergence is log 2 for every "
    "theta but 0, where it jumps to 0 (as KL, infinite, and total variation, 1, do).",
    statistic="error of a discriminator's held-out JS estimate against the closed form, over log "
    "2, at the worst theta; KL and total variation have no estimate and rest on their closed "
    "forms, which the tests integrate",
    effects=effects,
    direction="at most",
    threshold=WITHIN,
    reason="log 2 is the largest value the estimate can have, so a tenth of it tells 'constant' "
    "from any dependence on theta that a figure would show",
)
