"""[GP] figure 1b: clipping pushes weights to the two ends of their range."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import WGAN
from wganbench.claims.judging.pairs import cells


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the share of weights at -c or c."""
    table = evidence.of(evidence.weights, WGAN)
    return cells(table, table["at_ends"])


CLAIM = Claim(
    source="[GP] figure 1b, right",
    statement="Weight clipping pushes a critic's weights to the two ends of the clipping range.",
    statistic="share of a clipped critic's weights within 0.1% of -c or c, at the end",
    effects=effects,
    direction="at least",
    threshold=0.5,
    reason="most of them; weights spread evenly over the range would put 0.1% there",
)
