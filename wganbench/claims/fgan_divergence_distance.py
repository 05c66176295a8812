"""[fGAN] section 4.2: does it matter for a GAN's samples which divergence it minimises?"""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.gates import fair
from wganbench.claims.judging.rings import RING, best_and_worst
from wganbench.claims.judging.thresholds import FAILS, FAILS_REASON

CLAIM = Claim(
    source="[fGAN] section 4.2; Goodfellow's tutorial at NIPS 2016",
    origin="this project",
    statement="On a ring of Gaussians it does not matter which divergence a GAN minimises: tuned "
    "alike, the worst comes as near as the best.",
    statistic="exact W1 of the divergence that does worst over that of the one that does best, of "
    "three or more, same nets and seed, at the end",
    effects=best_and_worst,
    direction="at most",
    threshold=FAILS,
    reason=f"{FAILS_REASON}; the worst of several is above the best by chance alone, so that no "
    "smaller bar would tell",
    ratio=True,
    model="f-GAN",
    published="in words, by recall: all three divergences give equally realistic images",
    gates=(fair(RING),),
)
