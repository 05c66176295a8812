"""[WGAN] section 3: with a large clip value weights take long to reach their limit."""

import numpy as np
import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import CLIPPED
from wganbench.claims.judging.pairs import EVERYTHING, paired, ratios
from wganbench.claims.judging.thresholds import FAILS
from wganbench.gather.selection import Where

USUAL = 0.01  # [WGAN] algorithm 1
LARGE = 0.25  # beyond torch's initial weights of 64 inputs, 1/8, which a smaller c cuts at once
AT_LIMIT = 0.5  # of the weights
ALONE: Where = {**CLIPPED, "data.kind": "pair"}


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the iterations to the limit over those with the paper's clip value."""
    large = {**ALONE, "constraint.clip_value": lambda c: c >= LARGE}
    usual = {**ALONE, "constraint.clip_value": USUAL}
    times = _times(evidence.along("weights_at_ends", ALONE))
    apart = ("constraint.clip_value", "variant")
    return ratios(paired(evidence, large, usual, times, EVERYTHING, apart))


def _times(shares: pd.DataFrame) -> pd.DataFrame:
    """Return the iteration at which half of a critic's weights are at their limit, or infinity."""
    reached = shares["iteration"].where(shares["value"] >= AT_LIMIT, np.inf)
    times = shares.assign(value=reached).groupby(["run", "seed"])["value"].min()
    return times.reset_index()


CLAIM = Claim(
    source="[WGAN] section 3",
    statement="With a large clip value a critic's weights take longer to reach their limit.",
    statistic="iterations until half of the weights lie within 0.1% of -c or c, over those for c = "
    "0.01, for each c beyond the initial weights, same pair of laws and seed",
    effects=effects,
    direction="at least",
    threshold=FAILS,
    reason="'a long time' is at least twice as long; evaluations are log-spaced, so that a smaller "
    "factor may fall between two of them",
    ratio=True,
)
