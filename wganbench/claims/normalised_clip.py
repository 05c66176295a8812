"""Is it the Wasserstein distance? A clipped critic's estimate over its largest gradient norm."""

import pandas as pd

from wganbench.claims.judging.alone import errors_of_normalised
from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import CLIPPED
from wganbench.claims.judging.thresholds import WITHIN, WITHIN_REASON


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the error of the normalised estimate."""
    return errors_of_normalised(evidence, {**CLIPPED, "constraint.clip_value": [0.01, 0.04]})


CLAIM = Claim(
    source="[WGAN] section 3, equation 3; [KSB] section 5",
    statement="Divided by its largest gradient norm, a clipped critic's estimate is within 10% of "
    "W1.",
    statistic="relative error of the normalised held-out estimate against the true W1, or the "
    "exact W1 of the samples where that is unknown, on fixed pairs (c = 0.01; 0.04 as [KSB]); at "
    "most 1",
    effects=effects,
    direction="at most",
    threshold=WITHIN,
    reason=WITHIN_REASON,
)
