"""A discussion's question: which of WGAN's changes could be left out?"""

import pandas as pd

from wganbench.claims.judging.changes import CHANGES, WHOLE, distance_ratios, subset
from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import fair, trained_laws
from wganbench.claims.judging.methods import LAWS
from wganbench.claims.judging.thresholds import DIRECTION


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return W1 of WGAN with one change taken back over that of WGAN, for each change."""
    return distance_ratios(evidence, [(subset(set(CHANGES) - {one}), WHOLE) for one in CHANGES])


CLAIM = Claim(
    source="asked in a discussion of [WGAN]",
    origin="this project",
    statement="Each of WGAN's four changes is needed: with any one taken back the generator comes "
    "less near to the data.",
    statistic="exact W1 of WGAN with the loss, the clipping, the critic steps or the optimiser of "
    "a GAN over that of WGAN, all tuned alike, same seed, at the end",
    effects=effects,
    direction="at least",
    threshold=DIRECTION,
    reason="needed is what makes any difference that the interval tells from none (a factor of 1), "
    "for each of the four",
    ratio=True,
    model="Subsets of WGAN's changes",
    published="none; a discussion asks",
    gates=(fair(LAWS), trained_laws(WHOLE)),
)
