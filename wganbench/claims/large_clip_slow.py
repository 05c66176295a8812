"""[WGAN] section 3: a large clip value makes the critic slow."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.histories import along_curves
from wganbench.claims.judging.methods import CLIPPED
from wganbench.claims.judging.pairs import EVERYTHING, paired, ratios
from wganbench.claims.judging.thresholds import DIRECTION, DIRECTION_REASON
from wganbench.gather.selection import Where

USUAL = 0.01  # [WGAN] algorithm 1
NEAR = 0.9  # of its largest value: a critic that is nearly optimal for its clip value
ALONE: Where = {**CLIPPED, "data.kind": "pair"}


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the iterations to near-optimality over those with the paper's clip value."""
    large = {**ALONE, "constraint.clip_value": lambda c: c > USUAL}
    usual = {**ALONE, "constraint.clip_value": USUAL}
    times = along_curves(evidence, ALONE, _time)
    apart = ("constraint.clip_value", "variant")
    return ratios(paired(evidence, large, usual, times, EVERYTHING, apart))


def _time(estimate: "pd.Series[float]") -> float | None:
    """Return the iteration at which a filtered estimate is near its largest.

    A critic that still rises at the end of its budget takes longer than this.
    """
    largest = estimate.max()
    return float(estimate.index[estimate >= NEAR * largest][0]) if largest > 0 else None


CLAIM = Claim(
    source="[WGAN] section 3",
    statement="The larger the clip value, the longer a critic takes to optimality.",
    statistic="iterations until a critic's median-filtered estimate is within 10% of its largest, "
    "over those for c = 0.01, for each larger c, same pair of laws and seed",
    effects=effects,
    direction="at least",
    threshold=DIRECTION,
    reason=DIRECTION_REASON,
    ratio=True,
)
