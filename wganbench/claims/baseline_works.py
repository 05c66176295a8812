"""[WGAN] figure 5: with the authors' baseline both methods work. The control of other claims."""

import pandas as pd

from wganbench.claims.judging.claim import CELL, Claim, no_cells
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import ALGORITHM_1, DCGAN_BASELINE, GAN, WGAN
from wganbench.claims.judging.pairs import paired
from wganbench.gather.selection import Where

CRITIC: Where = {"critic.norm": "batch", "train_samples": 0}


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the FID over the reference of the worse of GAN and WGAN with the same nets."""
    share = evidence.over_reference(DCGAN_BASELINE)
    gan, wgan = {**GAN, **DCGAN_BASELINE, **CRITIC}, {**WGAN, **ALGORITHM_1, **CRITIC}
    pairs = paired(evidence, gan, {**wgan, **DCGAN_BASELINE}, share)
    if pairs.empty:
        return no_cells()
    worse = pairs[["left", "right"]].fillna(float("inf")).max(axis="columns")
    return pairs.assign(effect=worse)[list(CELL)]


CLAIM = Claim(
    source="[WGAN] figure 5",
    statement="With a DCGAN with batch norm as generator both GAN and WGAN work.",
    statistic="FID over that of real images of half of the classes, at the end, of the worse of "
    "GAN and WGAN with the same nets and seed",
    effects=effects,
    direction="at most",
    threshold=1.0,
    reason="what is farther from the data than half of its classes has not learned them; that "
    "another generator fails means nothing where this one does",
)
