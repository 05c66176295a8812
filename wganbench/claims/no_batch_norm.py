"""[WGAN] figure 6: no batch norm in the generator."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import ratio_at_end
from wganbench.claims.judging.gates import fair, trained_images
from wganbench.claims.judging.methods import ALGORITHM_1, CONVOLUTIONAL, GAN, IMAGES, WGAN
from wganbench.claims.judging.thresholds import FAILS, FAILS_REASON
from wganbench.gather.selection import Where

BARE: Where = {
    **IMAGES,
    **CONVOLUTIONAL,
    "generator.name": lambda name: name != "mlp",
    "generator.norm": "none",
    "generator.constant_filters": True,
}

CLAIM = Claim(
    source="[WGAN] figure 6",
    statement="Without batch norm in the generator, and with a constant number of filters, WGAN "
    "works where GAN fails.",
    statistic="FID of the GAN over that of the WGAN, same nets and seed, at the end",
    effects=ratio_at_end("fid", {**GAN, **BARE}, {**WGAN, **ALGORITHM_1, **BARE}),
    direction="at least",
    threshold=FAILS,
    reason=FAILS_REASON,
    ratio=True,
    gates=(
        fair(IMAGES),
        trained_images({**WGAN, **ALGORITHM_1, **BARE}),
    ),
    leans_on=("baseline_works",),
)
