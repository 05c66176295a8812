"""Is it the Wasserstein distance? A penalised critic's estimate over its largest gradient norm."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import normalised_error
from wganbench.claims.judging.methods import PENALTY_10, WGAN_GP
from wganbench.claims.judging.thresholds import WITHIN, WITHIN_REASON

CLAIM = Claim(
    source="[GP] section 4; [KSB] section 5",
    origin="this project",
    statement="Divided by its largest gradient norm, a penalised critic's estimate is within 10% "
    "of W1.",
    statistic="relative error of the normalised held-out estimate against the true W1, or the "
    "exact W1 of the samples where that is unknown, on fixed pairs",
    effects=normalised_error({**WGAN_GP, **PENALTY_10}),
    direction="at most",
    threshold=WITHIN,
    reason=WITHIN_REASON,
)
