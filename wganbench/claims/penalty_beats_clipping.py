"""[GP] figure 3: the penalty makes better images than clipping."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import ratio_at_end
from wganbench.claims.judging.gates import fair, trained_images
from wganbench.claims.judging.methods import CLIPPED_IMAGES, IMAGES, PENALISED_IMAGES
from wganbench.claims.judging.pairs import AS_LONG, NORMALISED
from wganbench.claims.judging.thresholds import DIRECTION, DIRECTION_REASON

CLAIM = Claim(
    source="[GP] section 5.3 and figure 3",
    statement="After as many iterations WGAN-GP makes better images than WGAN with clipping.",
    statistic="FID of the WGAN over that of the WGAN-GP, same nets (normalisation of the critic "
    "apart), iterations and seed, at the end",
    effects=ratio_at_end("fid", CLIPPED_IMAGES, PENALISED_IMAGES, AS_LONG, NORMALISED),
    direction="at least",
    threshold=DIRECTION,
    reason=DIRECTION_REASON,
    ratio=True,
    gates=(fair(IMAGES), trained_images(PENALISED_IMAGES)),
)
