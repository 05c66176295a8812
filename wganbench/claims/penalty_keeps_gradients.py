"""[GP] figure 1b: under the penalty gradients neither vanish nor explode."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import PENALTY_10, WGAN_GP
from wganbench.claims.judging.pairs import cells


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the decades by which the gradient changes from the last layer to the first."""
    table = evidence.measure("gradient_growth", {**WGAN_GP, **PENALTY_10})
    return cells(table, table["value"].abs())


CLAIM = Claim(
    source="[GP] figure 1b, left",
    statement="In a 12-layer critic under the gradient penalty the gradient neither vanishes nor "
    "explodes on its way back to the first layer.",
    statistic="size of log10 of the loss's gradient norm at the first layer over that at the last",
    effects=effects,
    direction="at most",
    threshold=2.0,
    reason="the bar that the clipped critics' claim has: a hundredfold change is vanishing or "
    "exploding",
)
