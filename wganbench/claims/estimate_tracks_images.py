"""[WGAN] figure 3: the critic's estimate falls as images get better."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import correlation
from wganbench.claims.judging.gates import alive, enough_points, trained_images
from wganbench.claims.judging.methods import ALGORITHM_1, CONVOLUTIONAL, IMAGES, WGAN
from wganbench.claims.judging.thresholds import RANKED, RANKED_REASON
from wganbench.gather.selection import Where

TRACKED: Where = {**WGAN, **IMAGES, **ALGORITHM_1, **CONVOLUTIONAL}

CLAIM = Claim(
    source="[WGAN] figure 3",
    statement="Along the training of a WGAN on images the critic's estimate falls as samples get "
    "better.",
    statistic="Spearman's correlation of held-out estimate and FID over a replica's evaluations",
    effects=correlation("estimate_heldout", "fid", TRACKED),
    direction="at least",
    threshold=RANKED,
    reason=RANKED_REASON,
    gates=(enough_points(TRACKED), alive(TRACKED), trained_images(TRACKED)),
)
