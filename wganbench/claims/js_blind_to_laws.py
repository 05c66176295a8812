"""[WGAN] figure 4 in the plane: the JS estimate does not follow the exact distance."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import correlation
from wganbench.claims.judging.methods import GAN, LAWS
from wganbench.claims.judging.thresholds import RANKED, RANKED_REASON

CLAIM = Claim(
    source="[WGAN] figure 4, on laws in the plane",
    statement="Along the training of a GAN on laws in the plane the Jensen-Shannon estimate does "
    "not fall as the exact distance does.",
    statistic="Spearman's correlation of held-out JS estimate and exact W1 over a replica's "
    "evaluations",
    effects=correlation("divergence_heldout", "w1", {**GAN, **LAWS}),
    direction="at most",
    threshold=RANKED,
    reason=f"the bar that the WGAN's estimate must pass: {RANKED_REASON}",
)
