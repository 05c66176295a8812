"""[WGAN] figure 4 in the plane: the JS estimate follows the exact distance less."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import contrast
from wganbench.claims.judging.gates import alive, enough_points, trained_laws
from wganbench.claims.judging.methods import ALGORITHM_1, GAN, LAWS, WGAN
from wganbench.claims.judging.pairs import ARCHITECTURE
from wganbench.claims.judging.thresholds import RANKED
from wganbench.gather.selection import Where

CRITIC: Where = {**WGAN, **LAWS, **ALGORITHM_1}
DISCRIMINATOR: Where = {**GAN, **LAWS}

CLAIM = Claim(
    source="[WGAN] figure 4, on laws in the plane",
    origin="this project",
    statement="Along training on laws in the plane a GAN's Jensen-Shannon estimate does not "
    "follow the quality of samples as a WGAN's estimate does.",
    statistic="Spearman's correlation of held-out estimate and exact W1 over a replica's "
    "evaluations: the WGAN's less that of the GAN's JS estimate, same nets and seed",
    effects=contrast(
        "w1",
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
        trained_laws(CRITIC),
    ),
    leans_on=("estimate_tracks_laws",),
)
