"""[WGAN] section 3: the estimate is W1 up to a factor, which must not move to be of use."""

import numpy as np
import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.histories import along_evaluations
from wganbench.claims.judging.methods import ALGORITHM_1, LAWS, WGAN
from wganbench.claims.judging.pairs import cells
from wganbench.claims.judging.thresholds import LARGEST_ERROR, WITHIN

START = 0.25  # of the evaluations: a critic's weights first have to reach their limits


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return how much the estimate over the exact distance varies along training."""
    where = {**WGAN, **LAWS, **ALGORITHM_1}
    table = along_evaluations(evidence, where, ("estimate_heldout", "w1"), _spread)
    return cells(table, table["value"].clip(upper=LARGEST_ERROR))


def _spread(history: pd.DataFrame) -> float:
    late = history.iloc[int(START * len(history)) :]
    factor = (late["estimate_heldout"] / late["w1"]).to_numpy(dtype=float)
    mean = abs(factor.mean())
    return float(factor.std() / mean) if mean > 0 else np.inf


CLAIM = Claim(
    source="[WGAN] section 3, equation 3",
    statement="The critic's estimate is K W1 with a K that is stable along training.",
    statistic="standard deviation of estimate / exact W1 along training over its mean, after the "
    "first quarter",
    effects=effects,
    direction="at most",
    threshold=WITHIN,
    reason="if K varies by more than 10%, a fall of the loss by 10% says nothing about W1",
)
