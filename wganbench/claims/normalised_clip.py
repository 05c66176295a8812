"""Is it the Wasserstein distance? A clipped critic's estimate over its largest gradient norm."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import normalised_error
from wganbench.claims.judging.methods import CLIPPED
from wganbench.claims.judging.thresholds import WITHIN, WITHIN_REASON

CLAIM = Claim(
    source="[WGAN] section 3, equation 3; [KSB] section 5",
    statement="Divided by its largest gradient norm, a clipped critic's estimate is within 10% of "
    "W1.",
    statistic="relative error of the normalised held-out estimate against the true W1, or the "
    "exact W1 of the samples where that is unknown, on fixed pairs (c = 0.01; 0.04 as [KSB]); at "
    "most 1",
    effects=normalised_error({**CLIPPED, "constraint.clip_value": [0.01, 0.04]}),
    direction="at most",
    threshold=WITHIN,
    reason=WITHIN_REASON,
)
