"""A discussion's question: is WGAN only the average of the two GAN losses?

Half of log(1 - D) and half of -log D is -f / 2 for D = sigmoid(f), half of WGAN's generator loss.
If that were all, a GAN with it would do as well, its discriminator's loss being what it is.
"""

import pandas as pd

from wganbench.claims.judging.changes import distance_ratios
from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import fair, trained_laws
from wganbench.claims.judging.methods import IN_TURNS, LAWS
from wganbench.gather.selection import Where

AVERAGE: Where = {
    **IN_TURNS,
    **LAWS,
    "objective.name": "blend",
    "objective.share": 1.0,
    "objective.gan_loss": "average",
}
WGAN: Where = {
    **IN_TURNS,
    **LAWS,
    "objective.name": "blend",
    "objective.share": 0.0,
    "constraint.name": "clip",
}
AS_NEAR = 1.25


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return W1 of GANs with the average, trained either way, over that of the WGAN."""
    return distance_ratios(evidence, [(AVERAGE, WGAN)])


CLAIM = Claim(
    source="asked in a discussion of [WGAN]",
    origin="this project",
    statement="WGAN is only the average of the two GAN losses: a GAN whose generator minimises "
    "that comes as near to the data.",
    statistic="exact W1 of a GAN with half of each of Goodfellow's losses for its generator, "
    "trained as GANs are or as WGAN is, over that of WGAN, all tuned alike, same seed, at the end",
    effects=effects,
    direction="at most",
    threshold=AS_NEAR,
    reason="as near is at most a quarter farther: between two seeds of one WGAN the ratio of W1 "
    "has a standard deviation of .13 (eight seeds that no experiment uses, same law and nets), so "
    "that a quarter is what chance shows of equals in 1 case of 20",
    ratio=True,
    model="Blends of GAN and WGAN",
    published="none; a discussion asks",
    gates=(fair(LAWS), trained_laws(WGAN)),
)
