"""[WGAN] figure 3 in the plane: the critic's estimate falls as the exact distance does."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.courses import correlations
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import ALGORITHM_1, LAWS, WGAN
from wganbench.claims.judging.pairs import cells
from wganbench.claims.judging.thresholds import RANKED, RANKED_REASON


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the rank correlation of estimate and exact W1 along training."""
    where = {**WGAN, **LAWS, **ALGORITHM_1}
    table = correlations(evidence, where, "estimate_heldout", "w1")
    return cells(table, table["value"])


CLAIM = Claim(
    source="[WGAN] figure 3, on laws in the plane",
    statement="Along the training of a WGAN on laws in the plane the critic's estimate falls as "
    "the exact distance does.",
    statistic="Spearman's correlation of held-out estimate and exact W1 over a replica's "
    "evaluations",
    effects=effects,
    direction="at least",
    threshold=RANKED,
    reason=RANKED_REASON,
)
