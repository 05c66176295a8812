"""[GP] section 4: the penalised critic's gradient has norm 1 between the laws."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import trained_images
from wganbench.claims.judging.methods import ALGORITHM_1, IMAGES, PENALTY_10, WGAN_GP
from wganbench.claims.judging.pairs import cells, relative_error
from wganbench.gather.selection import Where

PENALISED: Where = {**WGAN_GP, **PENALTY_10, **ALGORITHM_1, **IMAGES}


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return how far the mean gradient norm on interpolates is from 1."""
    norms = evidence.at_end(PENALISED, "gradient_norm_interpolates")
    return cells(norms, relative_error(norms["value"], pd.Series(1.0, norms.index)))


CLAIM = Claim(
    source="[GP] section 4 and corollary 1",
    statement="On images a critic under the gradient penalty has gradient norm near 1 on "
    "interpolates.",
    statistic="distance from 1 of the mean gradient norm on interpolates, at the end",
    effects=effects,
    direction="at most",
    threshold=0.3,
    gates=(trained_images(PENALISED),),
    reason="a penalty of weight 10 lets a critic between laws W1 apart take slope 1 + W1/20, 1.3 "
    "between digits as far apart as W1 = 6 in their pixels; no penalty leaves slopes of 10 and "
    "more",
)
