"""[WGAN] figure 7: an MLP as generator."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import ALGORITHM_1, CONVOLUTIONAL, GAN, IMAGES, WGAN
from wganbench.claims.judging.pairs import paired, ratios
from wganbench.claims.judging.thresholds import FAILS, FAILS_REASON


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the GAN's FID over the WGAN's, both with an MLP generator."""
    task = {**IMAGES, **CONVOLUTIONAL, "generator.name": "mlp", "generator.norm": "none"}
    fid = evidence.at_end(task, "fid")
    return ratios(paired(evidence, {**GAN, **task}, {**WGAN, **ALGORITHM_1, **task}, fid))


CLAIM = Claim(
    source="[WGAN] figure 7",
    statement="With an MLP as generator WGAN works where GAN fails.",
    statistic="FID of the GAN over that of the WGAN, same nets and seed, at the end",
    effects=effects,
    direction="at least",
    threshold=FAILS,
    reason=FAILS_REASON,
    ratio=True,
)
