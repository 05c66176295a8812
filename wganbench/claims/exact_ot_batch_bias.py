"""Bellemare et al. 2017: is a generator trained on minibatches' W1 worse with smaller ones?"""

import pandas as pd

from wganbench.claims.judging.batches import EXACT_OT, batch_pairs
from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import fair, trained_laws
from wganbench.claims.judging.pairs import ratios
from wganbench.claims.judging.thresholds import DIRECTION, DIRECTION_REASON


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return W1 with the smaller batch over that with the larger one."""
    return ratios(batch_pairs(evidence, EXACT_OT))


CLAIM = Claim(
    source="[Cramer] theorem 1, on laws in the plane",
    origin="other papers",
    model="Without a critic",
    statement="The gradient of minibatches' exact W1 is biased: with smaller batches the generator "
    "ends farther from the law, after as many iterations.",
    statistic="exact W1 with the smaller batch over that with the larger one, all else and the "
    "seed alike, at the last iteration after which both were evaluated",
    effects=effects,
    direction="at least",
    threshold=DIRECTION,
    reason=DIRECTION_REASON,
    published="a theorem, no number: the least of the mean sample loss is at another law",
    ratio=True,
    gates=(fair(EXACT_OT), trained_laws(EXACT_OT)),
)
