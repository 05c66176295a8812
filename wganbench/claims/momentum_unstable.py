"""[WGAN] section 4.2: momentum in the critic."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import ratio_at_end
from wganbench.claims.judging.methods import CLIPPED, IMAGES
from wganbench.claims.judging.pairs import EVERYTHING
from wganbench.claims.judging.thresholds import FAILS, FAILS_REASON
from wganbench.gather.selection import Where

ADAM: Where = {**CLIPPED, **IMAGES, "critic_optimizer.name": "adam"}

CLAIM = Claim(
    source="[WGAN] section 4.2",
    statement="A WGAN with weight clipping becomes unstable with a momentum-based optimiser such "
    "as Adam with beta1 > 0.",
    statistic="FID with Adam and beta1 > 0 over that with Adam and beta1 = 0, all else and the "
    "seed alike, at the end",
    effects=ratio_at_end(
        "fid",
        {**ADAM, "critic_optimizer.beta1": lambda beta: beta > 0},
        {**ADAM, "critic_optimizer.beta1": 0.0},
        alike=EVERYTHING,
        apart=("variant", "critic_optimizer.beta1", "generator_optimizer.beta1"),
    ),
    direction="at least",
    threshold=FAILS,
    reason=FAILS_REASON,
    ratio=True,
)
