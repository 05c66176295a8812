"""Is it the Wasserstein distance? A clipped critic's estimate over its largest gradient norm."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import normalised_error
from wganbench.claims.judging.gates import alive, sign_stable
from wganbench.claims.judging.methods import CLIP_VALUES, CLIPPED
from wganbench.claims.judging.thresholds import WITHIN, WITHIN_REASON
from wganbench.gather.selection import Where

FIXED: Where = {**CLIPPED, "constraint.clip_value": [*CLIP_VALUES, 0.04]}

CLAIM = Claim(
    source="[WGAN] section 3, equation 3; [KSB] section 5",
    origin="this project",
    statement="Divided by its largest gradient norm, a clipped critic's estimate is within 10% of "
    "W1.",
    statistic="relative error of the normalised held-out estimate against the true W1, or the "
    "exact W1 of the samples where that is unknown, on fixed pairs (c = 0.01; 0.05 and "
    "0.04, [KSB]'s, for smaller critics)",
    effects=normalised_error(FIXED),
    direction="at most",
    threshold=WITHIN,
    reason=WITHIN_REASON,
    gates=(alive(FIXED), sign_stable(FIXED)),
)
