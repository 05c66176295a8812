"""[GP] figure 1b: under a small clip value gradients vanish in a deep critic."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import CLIPPED
from wganbench.claims.judging.pairs import cells


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the decades that the gradient grows from the last layer to the first."""
    where = {**CLIPPED, "constraint.clip_value": lambda c: c <= 0.01}
    table = evidence.of(evidence.layers, where)
    return cells(table, table["growth"])


CLAIM = Claim(
    source="[GP] figure 1b, left; [WGAN] section 3",
    statement="In a 12-layer critic with c = 0.01 or less the gradient vanishes on its way back to "
    "the first layer.",
    statistic="log10 of the loss's gradient norm at the first layer over that at the last; -20 at "
    "least",
    effects=effects,
    direction="at most",
    threshold=-2.0,
    reason="a hundredth: a layer that learns a hundred times slower than another does not learn "
    "beside it; the figure shows several decades",
)
