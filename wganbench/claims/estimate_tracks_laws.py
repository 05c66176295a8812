"""[WGAN] figure 3 in the plane: the critic's estimate falls as the exact distance does."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import correlation
from wganbench.claims.judging.methods import ALGORITHM_1, LAWS, WGAN
from wganbench.claims.judging.thresholds import RANKED, RANKED_REASON

CLAIM = Claim(
    source="[WGAN] figure 3, on laws in the plane",
    statement="Along the training of a WGAN on laws in the plane the critic's estimate falls as "
    "the exact distance does.",
    statistic="Spearman's correlation of held-out estimate and exact W1 over a replica's "
    "evaluations",
    effects=correlation("estimate_heldout", "w1", {**WGAN, **LAWS, **ALGORITHM_1}),
    direction="at least",
    threshold=RANKED,
    reason=RANKED_REASON,
)
