"""[WGAN] figure 3, below: a learning rate that is far too high."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import trained_images
from wganbench.claims.judging.pairs import ratios
from wganbench.claims.judging.rates import HIGH, MLPS, far_apart
from wganbench.claims.judging.thresholds import FAILS, FAILS_REASON


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the FID with the high rate over that with the usual one."""
    return ratios(far_apart(evidence, evidence.at_end(MLPS, "fid")))


CLAIM = Claim(
    source="[WGAN] figure 3, lower half",
    statement="MLPs for both nets and a learning rate that is far too high: training fails.",
    statistic="FID over that with the usual rate, all else and the seed alike, at the end",
    effects=effects,
    direction="at least",
    threshold=FAILS,
    reason=FAILS_REASON,
    ratio=True,
    gates=(trained_images({**MLPS, "critic_optimizer.lr": lambda rate: rate < HIGH}),),
)
