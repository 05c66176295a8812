"""[WGAN] figure 7: an MLP as generator."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import fails_beside
from wganbench.claims.judging.gates import fair, trained_images
from wganbench.claims.judging.methods import ALGORITHM_1, GAN, IMAGES, MLP_GENERATOR, WGAN
from wganbench.claims.judging.thresholds import FAILS, NOT_TRAINED_REASON

CLAIM = Claim(
    source="[WGAN] figure 7",
    statement="With an MLP as generator WGAN works where GAN fails.",
    statistic="FID of the GAN over that of real images of half of the classes, at the end, beside "
    "a WGAN with the same nets that passes that bar",
    effects=fails_beside({**GAN, **MLP_GENERATOR}, {**WGAN, **ALGORITHM_1, **MLP_GENERATOR}),
    direction="at least",
    threshold=FAILS,
    reason=NOT_TRAINED_REASON,
    gates=(
        fair(IMAGES),
        trained_images({**WGAN, **ALGORITHM_1, **MLP_GENERATOR}),
    ),
    leans_on=("baseline_works",),
)
