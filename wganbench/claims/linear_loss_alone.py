"""A discussion's question: is the linear loss what matters, without anything that bounds it?"""

import pandas as pd

from wganbench.claims.judging.changes import (
    CLIPPING,
    LINEAR,
    RMSPROP,
    STEPS,
    distance_ratios,
    subset,
    subsets_of,
)
from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import fair, trained_laws
from wganbench.claims.judging.methods import LAWS
from wganbench.claims.judging.thresholds import FAILS, FAILS_REASON


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return W1 with the linear loss and a free critic over that of the same one, clipped."""
    rest = subsets_of([STEPS, RMSPROP])
    return distance_ratios(
        evidence, [(subset(s | {LINEAR}), subset(s | {CLIPPING, LINEAR})) for s in rest]
    )


CLAIM = Claim(
    source="asked in a discussion of [WGAN]",
    origin="this project",
    statement="WGAN's linear loss, without clipping, does not do what both do.",
    statistic="exact W1 with the linear loss alone over that with the linear loss and clipping, "
    "for one and five critic steps, Adam and RMSProp, all tuned alike, same seed, at the end",
    effects=effects,
    direction="at least",
    threshold=FAILS,
    reason=FAILS_REASON,
    ratio=True,
    model="Subsets of WGAN's changes",
    published="none; a discussion asks",
    gates=(fair(LAWS), trained_laws({"constraint.name": "clip"})),
)
