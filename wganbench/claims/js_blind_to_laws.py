"""[WGAN] figure 4 in the plane: the JS estimate does not follow the exact distance."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.courses import correlations
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import GAN, LAWS
from wganbench.claims.judging.pairs import cells
from wganbench.claims.judging.thresholds import RANKED, RANKED_REASON


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the rank correlation of JS estimate and exact W1 along training."""
    table = correlations(evidence, {**GAN, **LAWS}, "divergence_heldout", "w1")
    return cells(table, table["value"])


CLAIM = Claim(
    source="[WGAN] figure 4, on laws in the plane",
    statement="Along the training of a GAN on laws in the plane the Jensen-Shannon estimate does "
    "not fall as the exact distance does.",
    statistic="Spearman's correlation of held-out JS estimate and exact W1 over a replica's "
    "evaluations",
    effects=effects,
    direction="at most",
    threshold=RANKED,
    reason=f"the bar that the WGAN's estimate must pass: {RANKED_REASON}",
)
