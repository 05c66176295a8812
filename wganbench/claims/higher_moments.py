"""[GP] figure 1a: a clipped critic misses the higher moments of the data."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import alive
from wganbench.claims.judging.methods import WGAN, WGAN_GP
from wganbench.claims.judging.pairs import ARCHITECTURE, paired, ratios
from wganbench.claims.judging.thresholds import FAILS, FAILS_REASON


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return what clipping leaves unexplained of the exact potential over what the penalty does."""
    explained = evidence.measure("potential_explained", {})
    missed = explained.assign(value=1 - explained["value"])
    gp = {**WGAN_GP, "constraint.penalty_weight": 0.1}  # gan_toy.py, which drew the figure
    return ratios(paired(evidence, WGAN, gp, missed, (*ARCHITECTURE, "n_critic", "iterations")))


CLAIM = Claim(
    source="[GP] figure 1a",
    statement="Trained to optimality on a fixed pair of laws, a clipped critic misses the higher "
    "moments that a penalised one captures.",
    statistic="share of the exact potential's variance that the clipped critic leaves "
    "unexplained, over that of the penalised critic (lambda 0.1, as in the toy code), same pair, "
    "net and seed; the potential is POT's, on the saved samples",
    effects=effects,
    direction="at least",
    threshold=FAILS,
    reason=FAILS_REASON,
    ratio=True,
    gates=(alive(WGAN),),
)
