"""[WGAN] section 3: a large clip value makes the critic slow."""

from collections.abc import Iterator

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.courses import filtered_estimates, replicas
from wganbench.claims.judging.evidence import Evidence, Where
from wganbench.claims.judging.methods import CLIPPED
from wganbench.claims.judging.pairs import EVERYTHING, paired, ratios
from wganbench.claims.judging.thresholds import DIRECTION, DIRECTION_REASON

USUAL = 0.01  # [WGAN] algorithm 1
NEAR = 0.9  # of its largest value: a critic that is nearly optimal for its clip value
ALONE: Where = {**CLIPPED, "data.kind": "pair"}


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the iterations to near-optimality over those with the paper's clip value."""
    large = {**ALONE, "constraint.clip_value": lambda c: c > USUAL}
    usual = {**ALONE, "constraint.clip_value": USUAL}
    times = replicas(_times(evidence))
    return ratios(
        paired(evidence, large, usual, times, EVERYTHING, ("constraint.clip_value", "variant"))
    )


def _times(evidence: Evidence) -> Iterator[tuple[str, int, float]]:
    """Yield the iteration at which each filtered estimate is near its largest.

    A critic that still rises at the end of its budget takes longer than that says.
    """
    for run, seed, estimate in filtered_estimates(evidence, ALONE):
        if estimate.max() > 0:
            yield run, seed, float(estimate.index[estimate >= NEAR * estimate.max()][0])


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
