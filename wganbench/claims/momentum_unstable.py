"""[WGAN] section 4.2: momentum in the critic."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import CLIPPED, IMAGES
from wganbench.claims.judging.pairs import EVERYTHING, paired, ratios
from wganbench.claims.judging.thresholds import FAILS, FAILS_REASON


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the FID with momentum over that of the same optimiser without."""
    adam = {**CLIPPED, **IMAGES, "critic_optimizer.name": "adam"}
    fid = evidence.at_end(adam, "fid")
    momentum = {**adam, "critic_optimizer.beta1": lambda beta: beta > 0}
    without = {**adam, "critic_optimizer.beta1": 0.0}
    apart = ("variant", "critic_optimizer.beta1", "generator_optimizer.beta1")
    return ratios(paired(evidence, momentum, without, fid, EVERYTHING, apart))


CLAIM = Claim(
    source="[WGAN] section 4.2",
    statement="A WGAN with weight clipping becomes unstable with a momentum-based optimiser such "
    "as Adam with beta1 > 0.",
    statistic="FID with Adam and beta1 > 0 over that with Adam and beta1 = 0, all else and the "
    "seed alike, at the end",
    effects=effects,
    direction="at least",
    threshold=FAILS,
    reason=FAILS_REASON,
    ratio=True,
)
