"""[WGAN] figure 4: the discriminator's JS estimate says nothing about images."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.courses import correlations
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import CONVOLUTIONAL, GAN, IMAGES
from wganbench.claims.judging.pairs import cells
from wganbench.claims.judging.thresholds import RANKED, RANKED_REASON


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the rank correlation of JS estimate and FID along training."""
    where = {**GAN, **IMAGES, **CONVOLUTIONAL}
    table = correlations(evidence, where, "divergence_heldout", "fid")
    return cells(table, table["value"])


CLAIM = Claim(
    source="[WGAN] figure 4",
    statement="Along the training of a GAN on images the Jensen-Shannon estimate does not fall as "
    "samples get better.",
    statistic="Spearman's correlation of held-out JS estimate and FID over a replica's evaluations",
    effects=effects,
    direction="at most",
    threshold=RANKED,
    reason=f"the bar that the WGAN's estimate must pass: {RANKED_REASON}",
)
