"""[WGAN] figure 4: the discriminator's JS estimate says less about images than the critic's."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import contrast
from wganbench.claims.judging.gates import alive, enough_points, trained_images
from wganbench.claims.judging.methods import ALGORITHM_1, CONVOLUTIONAL, GAN, IMAGES, WGAN
from wganbench.claims.judging.pairs import ARCHITECTURE
from wganbench.claims.judging.thresholds import RANKED
from wganbench.gather.selection import Where

CRITIC: Where = {**WGAN, **IMAGES, **ALGORITHM_1, **CONVOLUTIONAL}
DISCRIMINATOR: Where = {**GAN, **IMAGES, **CONVOLUTIONAL}

CLAIM = Claim(
    source="[WGAN] figure 4",
    origin="the papers",
    statement="Along training on images a GAN's Jensen-Shannon estimate does not follow the "
    "quality of samples as a WGAN's estimate does.",
    statistic="Spearman's correlation of held-out estimate and FID over a replica's evaluations: "
    "the WGAN's less that of the GAN's JS estimate, same nets and seed",
    effects=contrast(
        "fid",
        ("estimate_heldout", CRITIC),
        ("divergence_heldout", DISCRIMINATOR),
        alike=ARCHITECTURE,
    ),
    direction="at least",
    threshold=RANKED,
    reason="a large correlation (0.5, Cohen 1988) less none: the bar that the WGAN's estimate "
    "must pass alone",
    gates=(
        enough_points(CRITIC),
        enough_points(DISCRIMINATOR),
        alive(CRITIC),
        trained_images(CRITIC),
    ),
    leans_on=("estimate_tracks_images",),
)
