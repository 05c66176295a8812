"""[WGAN] section 3: the estimate is W1 up to a factor, which must not move to be of use."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import alive, sign_stable
from wganbench.claims.judging.histories import along_evaluations
from wganbench.claims.judging.methods import ALGORITHM_1, LAWS, WGAN
from wganbench.claims.judging.pairs import cells
from wganbench.claims.judging.thresholds import WITHIN
from wganbench.gather.selection import Where

START = 0.25  # of the iterations: a critic's weights first have to reach their limits
FAR = 2.0  # floors: nearer, the exact W1 is mostly that of two samples of one law
POINTS = 5
CLIPPED_ON_LAWS: Where = {**WGAN, **LAWS, **ALGORITHM_1}


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return how much the estimate over the exact distance varies along training."""
    columns = ("estimate_heldout", "w1")
    return cells(
        table := along_evaluations(evidence, CLIPPED_ON_LAWS, columns, _spread), table["value"]
    )


def _spread(history: pd.DataFrame) -> float:
    """Return the spread of the factor; none where too few samples are far from the law."""
    started = history["iteration"] > START * history["iteration"].max()
    late = history[started & (history["w1"] > FAR * history["floor"])]
    if len(late) < POINTS:
        return float("nan")
    factor = (late["estimate_heldout"] / (late["w1"] - late["floor"])).to_numpy(dtype=float)
    return float(factor.std(ddof=1) / abs(factor.mean()))


CLAIM = Claim(
    source="[WGAN] section 3, equation 3",
    origin="this project",
    statement="The critic's estimate is K W1 with a K that is stable along training.",
    statistic="standard deviation of estimate / (exact W1 - floor) along training over its mean, "
    "after the first quarter, where W1 is above twice its floor",
    effects=effects,
    direction="at most",
    threshold=WITHIN,
    reason="if K varies by more than 10%, a fall of the loss by 10% says nothing about W1",
    gates=(alive(CLIPPED_ON_LAWS), sign_stable(CLIPPED_ON_LAWS)),
)
