"""[WGAN] section 3: the critic can and should be trained till optimality."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import IMAGES, WASSERSTEIN
from wganbench.claims.judging.pairs import EVERYTHING, paired, ratios
from wganbench.claims.judging.thresholds import DIRECTION, DIRECTION_REASON


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the FID with one critic step over that with more."""
    task = {**WASSERSTEIN, **IMAGES}
    fid = evidence.at_end(task, "fid")
    one, more = {**task, "n_critic": 1}, {**task, "n_critic": lambda steps: steps > 1}
    return ratios(paired(evidence, one, more, fid, EVERYTHING, ("variant", "n_critic")))


CLAIM = Claim(
    source="[WGAN] section 3 and algorithm 1",
    statement="Training the critic further in each iteration makes a better generator.",
    statistic="FID with one critic step over that with more, for each number of steps, as many "
    "generator steps, all else and the seed alike, at the end",
    effects=effects,
    direction="at least",
    threshold=DIRECTION,
    reason=DIRECTION_REASON,
    ratio=True,
)
