"""[GP] proposition 1: the optimal critic's slope between coupled points."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import PLAIN
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import resolved, told_apart
from wganbench.claims.judging.methods import INTERPOLATES
from wganbench.claims.judging.pairs import cells, relative_error
from wganbench.gather.selection import Where

PENALISED: Where = {**PLAIN, **INTERPOLATES}  # of an ablation's runs the pair is the same again


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return how far from 1 the optimal critic's slope is, on the samples of WGAN-GP's runs."""
    slopes = evidence.measure("optimal_coupled_slope", PENALISED)
    return cells(slopes, relative_error(slopes["value"], pd.Series(1.0, slopes.index)))


CLAIM = Claim(
    source="[GP] proposition 1",
    statement="Along lines between points that the optimal plan couples the optimal critic has "
    "slope 1.",
    statistic="distance from 1 of the optimal critic's slope (f(x) - f(y)) / |x - y|, mean over "
    "the pairs that POT's plan between held-out samples couples; the critic is the Kantorovich "
    "potential of other samples, drawn by the seed, and so no training's",
    effects=effects,
    direction="at most",
    threshold=0.25,
    reason="the bar of trained critics (coupled_slope): a theorem about the laws holds here up to "
    "the chance of both samples, which on other seeds took .02 off on the 8 Gaussians and .12 on "
    "funnels in the plane; along independent lines the same critics are .57 and .74 off",
    model="Why interpolates?",
    published="1, as a proposition",
    gates=(resolved(PENALISED), told_apart(PENALISED)),
)
