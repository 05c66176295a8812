"""[GP] tables 1 and 2: of random architectures, those that only one of GAN and WGAN-GP trains."""

import pandas as pd

from wganbench.claims.judging.claim import CELL, Claim, no_cells
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.outcomes import outcomes


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return 1 for each architecture that only WGAN-GP trains, 0 for each that only GAN trains."""
    table = outcomes(evidence)
    apart = table[table["is_verdicts"].astype(bool) & (table["gan"] != table["wgan_gp"])]
    if apart.empty:
        return no_cells()
    told = apart.rename(columns={"experiment": "context", "number": "seed"})
    return told.assign(effect=told["wgan_gp"].astype(float), floor=float("nan"))[list(CELL)]


CLAIM = Claim(
    source="[GP] section 5.1, tables 1 and 2",
    statement="Of the random architectures that only one of GAN and WGAN-GP trains, most are "
    "WGAN-GP's.",
    statistic="share that WGAN-GP trains of the architectures that exactly one of the two trains, "
    "of ten or more: FID at the end at most that of real images of half of the classes, or, where "
    "Inception measures, an Inception score above 5, the middle one of the paper's thresholds",
    effects=effects,
    direction="at least",
    threshold=0.5,
    reason="half is what two methods that train equally many architectures share, so that this is "
    "the exact sign test of pairs; the paper says many, and counts 147 to 0 at that score",
    share_of="architecture",
)
