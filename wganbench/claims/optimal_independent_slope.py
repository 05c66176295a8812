"""Why interpolates? The optimal critic's slope between independent points, where WGAN-GP looks."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import PLAIN
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import INTERPOLATES
from wganbench.claims.judging.pairs import cells
from wganbench.gather.selection import Where

PENALISED: Where = {**PLAIN, **INTERPOLATES}  # of an ablation's runs the pair is the same again


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the slope on independent lines over that on coupled ones, of the same critic.

    What the chance of samples takes off is in both.
    """
    independent, coupled = (
        evidence.measure(f"optimal_{kind}_slope", PENALISED) for kind in ("independent", "coupled")
    )
    both = independent.merge(coupled, on=["run", "seed"], suffixes=("", "_coupled"))
    return cells(both, both["value"] / both["value_coupled"])


CLAIM = Claim(
    source="[GP] section 4, proposition 1; Petzka et al. 2018",
    origin="this project",
    statement="Along lines between independent points, on which WGAN-GP's penalty looks, the "
    "optimal critic's slope is well below the one that it has between coupled points.",
    statistic="slope (f(x) - f(y)) / |x - y| of the optimal critic, mean over all pairs of "
    "held-out real and model's samples, over its mean on the pairs that POT's plan couples; the "
    "critic is the Kantorovich potential of other samples, drawn by the seed, and so no training's",
    effects=effects,
    direction="at most",
    threshold=0.7,
    reason="the cosine of 45 degrees: a critic of slope 1 rises by less along lines that stand "
    "farther off its gradient than that, where on a line every plan is optimal and the slope 1. "
    "That it is .44 on the 8 Gaussians was known when this was written",
    model="Why interpolates?",
    published="nothing on independent pairs; 1 on coupled ones",
)
