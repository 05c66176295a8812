"""[WGAN] section 3: the critic can and should be trained till optimality."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import ratio_at_end
from wganbench.claims.judging.gates import fair, trained_images
from wganbench.claims.judging.methods import IMAGES, WASSERSTEIN
from wganbench.claims.judging.pairs import EVERYTHING
from wganbench.claims.judging.thresholds import DIRECTION, DIRECTION_REASON
from wganbench.gather.selection import Where

TASK: Where = {**WASSERSTEIN, **IMAGES}
MORE: Where = {**TASK, "n_critic": lambda steps: steps > 1}

CLAIM = Claim(
    source="[WGAN] section 3 and algorithm 1",
    statement="Training the critic further in each iteration makes a better generator.",
    statistic="FID with one critic step over that with more, for each number of steps, as many "
    "generator steps, all else and the seed alike, at the end",
    effects=ratio_at_end(
        "fid",
        {**TASK, "n_critic": 1},
        MORE,
        alike=EVERYTHING,
        apart=("variant", "n_critic"),
    ),
    direction="at least",
    threshold=DIRECTION,
    reason=DIRECTION_REASON,
    ratio=True,
    gates=(fair(IMAGES), trained_images(MORE)),
)
