"""[WGAN] figure 7: an MLP as generator."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import ratio_at_end
from wganbench.claims.judging.gates import fair, trained_images
from wganbench.claims.judging.methods import ALGORITHM_1, GAN, IMAGES, MLP_GENERATOR, WGAN
from wganbench.claims.judging.thresholds import FAILS, FAILS_REASON

CLAIM = Claim(
    source="[WGAN] figure 7",
    statement="With an MLP as generator WGAN works where GAN fails.",
    statistic="FID of the GAN over that of the WGAN, same nets and seed, at the end",
    effects=ratio_at_end("fid", {**GAN, **MLP_GENERATOR}, {**WGAN, **ALGORITHM_1, **MLP_GENERATOR}),
    direction="at least",
    threshold=FAILS,
    reason=FAILS_REASON,
    ratio=True,
    gates=(
        fair(IMAGES),
        trained_images({**WGAN, **ALGORITHM_1, **MLP_GENERATOR}),
    ),
    leans_on=("baseline_works",),
)
