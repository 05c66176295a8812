"""[WGAN] section 4.2: momentum in the critic."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import ratio_at_end
from wganbench.claims.judging.gates import fair, trained_images
from wganbench.claims.judging.methods import CLIPPED, IMAGES, WGAN
from wganbench.claims.judging.thresholds import FAILS, FAILS_REASON
from wganbench.gather.selection import Where

ADAM: Where = {**CLIPPED, **IMAGES, "critic_optimizer.name": "adam"}
MOMENTUM: Where = {**ADAM, "critic_optimizer.beta1": lambda beta: beta > 0}
RMSPROP: Where = {**WGAN, **IMAGES}

CLAIM = Claim(
    source="[WGAN] section 4.2",
    statement="A WGAN with weight clipping becomes unstable with a momentum-based optimiser such "
    "as Adam with beta1 > 0, where it trains with RMSProp.",
    statistic="FID with Adam and beta1 > 0 over that with RMSProp, all else and the seed alike, at "
    "the end",
    effects=ratio_at_end(
        "fid",
        MOMENTUM,
        RMSPROP,
        alike=("experiment", "data.", "generator.", "critic.", "constraint.", "n_critic", "batch"),
    ),
    direction="at least",
    threshold=FAILS,
    reason=FAILS_REASON,
    ratio=True,
    gates=(fair(IMAGES), trained_images(RMSPROP)),
)
