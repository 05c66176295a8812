"""[WGAN] example 1: between parallel lines W1 is the shift."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.lines import at_shifts, worst_shift
from wganbench.claims.judging.methods import PENALTY_10, WGAN_GP
from wganbench.claims.judging.thresholds import WITHIN
from wganbench.transport.closed_forms import parallel_lines


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the largest error of the critic's estimates, relative to the largest shift."""
    where = {**WGAN_GP, **PENALTY_10}
    ends = at_shifts(evidence, where, "estimate_heldout")
    truth = ends["theta"].map(lambda theta: parallel_lines(theta).w1)
    floors = evidence.at_end(where, "floor").groupby("run")["value"].mean()
    error = (ends["value"] - truth).abs() / ends["theta"].abs().max()
    return worst_shift(evidence, ends.assign(floor=ends["run"].map(floors)), error)


CLAIM = Claim(
    source="[WGAN] example 1 and figure 1",
    statement="Between parallel lines theta apart the critic's estimate is W1 = |theta|, "
    "continuous in theta and 0 at 0.",
    statistic="error of WGAN-GP's held-out estimate against |theta|, over the largest |theta|, at "
    "the worst theta",
    effects=effects,
    direction="at most",
    threshold=WITHIN,
    reason="a tenth of figure 1's scale; a penalty of weight 10 itself overshoots by W1/20, 5% at "
    "theta = 1, and an estimate that does not move with theta is off by 46% on the paper's range",
)
