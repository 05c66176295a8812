"""[WGAN] figure 3 in the plane: the critic's estimate falls as the exact distance does."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import correlation
from wganbench.claims.judging.gates import alive, enough_points, trained_laws
from wganbench.claims.judging.methods import ALGORITHM_1, LAWS, WGAN
from wganbench.claims.judging.thresholds import RANKED, RANKED_REASON
from wganbench.gather.selection import Where

TRACKED: Where = {**WGAN, **LAWS, **ALGORITHM_1}

CLAIM = Claim(
    source="[WGAN] figure 3, on laws in the plane",
    origin="this project",
    statement="Along the training of a WGAN on laws in the plane the critic's estimate falls as "
    "the exact distance does.",
    statistic="Spearman's correlation of held-out estimate and exact W1 over a replica's "
    "evaluations",
    effects=correlation("estimate_heldout", "w1", TRACKED),
    direction="at least",
    threshold=RANKED,
    reason=RANKED_REASON,
    gates=(enough_points(TRACKED), alive(TRACKED), trained_laws(TRACKED)),
)
