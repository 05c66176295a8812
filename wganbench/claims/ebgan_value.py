"""[EBGAN] theorem 1: at a Nash equilibrium V is the margin m."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.energies import NEAR_DATA, PLAIN_GAME
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.pairs import cells, lost_is_infinite
from wganbench.claims.judging.thresholds import WITHIN


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return |V/m - 1|; the divergence of the objective is 1 - V/m."""
    divergence = evidence.at_end(PLAIN_GAME, "divergence_heldout")
    return cells(divergence, lost_is_infinite(divergence["value"].abs()))


CLAIM = Claim(
    source="[EBGAN] theorem 1",
    origin="other papers",
    model="EBGAN",
    published="V = m",
    statement="Trained to where its samples are near the data, an EBGAN's game has the value m.",
    statistic="distance from 1 of V/m on held-out real and generated samples, at the end",
    effects=effects,
    direction="at most",
    threshold=WITHIN,
    reason="1 - V/m is at most the total variation distance of the two laws: a tenth of the mass "
    "apart at most; 10% is also the project's bar for calling an estimate a distance",
    gates=NEAR_DATA,
)
