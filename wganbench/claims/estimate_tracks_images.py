"""[WGAN] figure 3: the critic's estimate falls as images get better."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.courses import correlations
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import ALGORITHM_1, CONVOLUTIONAL, IMAGES, WGAN
from wganbench.claims.judging.pairs import cells
from wganbench.claims.judging.thresholds import RANKED, RANKED_REASON


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the rank correlation of estimate and FID along training."""
    where = {**WGAN, **IMAGES, **ALGORITHM_1, **CONVOLUTIONAL}
    table = correlations(evidence, where, "estimate_heldout", "fid")
    return cells(table, table["value"])


CLAIM = Claim(
    source="[WGAN] figure 3",
    statement="Along the training of a WGAN on images the critic's estimate falls as samples get "
    "better.",
    statistic="Spearman's correlation of held-out estimate and FID over a replica's evaluations",
    effects=effects,
    direction="at least",
    threshold=RANKED,
    reason=RANKED_REASON,
)
