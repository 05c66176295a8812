"""[WGAN] figure 6: no batch norm in the generator."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import fails_beside
from wganbench.claims.judging.gates import fair, trained_images
from wganbench.claims.judging.methods import ALGORITHM_1, CONVOLUTIONAL, GAN, IMAGES, WGAN
from wganbench.claims.judging.thresholds import FAILS, NOT_TRAINED_REASON
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
    statistic="FID of the GAN over that of real images of half of the classes, at the end, beside "
    "a WGAN with the same nets that passes that bar",
    effects=fails_beside({**GAN, **BARE}, {**WGAN, **ALGORITHM_1, **BARE}),
    direction="at least",
    threshold=FAILS,
    reason=NOT_TRAINED_REASON,
    gates=(
        fair(IMAGES),
        trained_images({**WGAN, **ALGORITHM_1, **BARE}),
    ),
    leans_on=("baseline_works",),
)
