"""A discussion's question: why not half of a GAN's loss and half of a WGAN's?"""

import pandas as pd

from wganbench.claims.judging.claim import Claim, joined
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import fair, trained_laws
from wganbench.claims.judging.methods import IN_TURNS, LAWS
from wganbench.claims.judging.pairs import EVERYTHING, paired, ratios
from wganbench.claims.judging.thresholds import DIRECTION, DIRECTION_REASON
from wganbench.gather.selection import Where

BLEND: Where = {**IN_TURNS, **LAWS, "objective.name": "blend"}
HALF: Where = {**BLEND, "objective.share": 0.5}
WITHOUT_GAN = ("objective.share", "objective.gan_loss")
"""A WGAN has no GAN's loss, whatever its setting says."""


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return W1 of either end over that of half of each, for each loss of the generator."""
    ends = evidence.at_end({}, "w1")
    return joined(
        ratios(paired(evidence, {**BLEND, "objective.share": share}, HALF, ends, EVERYTHING, apart))
        for share, apart in ((0.0, WITHOUT_GAN), (1.0, ("objective.share",)))
    )


CLAIM = Claim(
    source="asked in a discussion of [WGAN]",
    origin="this project",
    statement="Half of a GAN's loss and half of a WGAN's come nearer to the data than either.",
    statistic="exact W1 of alpha 0 (WGAN) and alpha 1 (GAN) over that of alpha 0.5, for each of "
    "Goodfellow's two losses of the generator, all clipped, trained and tuned alike, same seed, at "
    "the end",
    effects=effects,
    direction="at least",
    threshold=DIRECTION,
    reason=DIRECTION_REASON,
    ratio=True,
    model="Blends of GAN and WGAN",
    published="none; a discussion asks",
    gates=(fair(LAWS), trained_laws(HALF)),
)
