"""[GP] figure 1b: clipping pushes weights to the two ends of their range."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import value_of
from wganbench.claims.judging.methods import WGAN

CLAIM = Claim(
    source="[GP] figure 1b, right",
    statement="Weight clipping pushes a critic's weights to the two ends of the clipping range.",
    statistic="share of a clipped critic's weights within 0.1% of -c or c, at the end",
    effects=value_of("weights_at_ends", {**WGAN, "critic.norm": "none"}),
    direction="at least",
    threshold=0.5,
    reason="most of them; weights spread evenly over the range would put 0.1% there",
)
