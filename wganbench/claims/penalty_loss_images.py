"""[GP] section 5.6: the loss of a penalised critic tells how good samples are."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import correlation
from wganbench.claims.judging.gates import enough_points, trained_images
from wganbench.claims.judging.methods import ALGORITHM_1, IMAGES, PENALTIES, WGAN_GP
from wganbench.claims.judging.thresholds import RANKED, RANKED_REASON
from wganbench.gather.selection import Where

PENALISED: Where = {**WGAN_GP, **PENALTIES, **ALGORITHM_1, **IMAGES}

CLAIM = Claim(
    source="[GP] section 5.6 and figure 5",
    statement="Along the training of a WGAN-GP on images the critic's estimate falls as samples "
    "get better.",
    statistic="Spearman's correlation of held-out estimate and FID over a replica's evaluations",
    effects=correlation("estimate_heldout", "fid", PENALISED),
    direction="at least",
    threshold=RANKED,
    reason=RANKED_REASON,
    gates=(enough_points(PENALISED), trained_images(PENALISED)),
)
