"""[WGAN] figure 2: the critic keeps a gradient where the discriminator has none."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import alive
from wganbench.claims.judging.methods import GAN, WGAN
from wganbench.claims.judging.pairs import paired, ratios
from wganbench.claims.judging.thresholds import VISIBLE, VISIBLE_REASON
from wganbench.gather.selection import Where

MINIMAX: Where = {**GAN, "objective.name": "minimax"}


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the slope left under the critic over that left under the discriminator."""
    left = evidence.measure("slope_left", {})
    return ratios(paired(evidence, WGAN, MINIMAX, left, ("data.", "critic.")))


CLAIM = Claim(
    source="[WGAN] figure 2",
    statement="Between two Gaussians that hardly overlap a WGAN critic keeps a clean gradient "
    "where the discriminator has none.",
    statistic="median slope over the model's bulk (mean +- 2 sd) as a share of the largest between "
    "the laws: the critic's over that of D = sigmoid(f), same pair, net and seed",
    effects=effects,
    direction="at least",
    threshold=VISIBLE,
    reason=VISIBLE_REASON,
    ratio=True,
    gates=(alive(WGAN),),
)
