"""[GP] figure 1b: under a large clip value gradients explode in a deep critic."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import value_of
from wganbench.claims.judging.methods import CLIPPED

CLAIM = Claim(
    source="[GP] figure 1b, left",
    statement="In a 12-layer critic with c = 0.1 the gradient explodes on its way back to the "
    "first layer.",
    statistic="log10 of the loss's gradient norm at the first layer over that at the last",
    effects=value_of("gradient_growth", {**CLIPPED, "constraint.clip_value": 0.1}),
    direction="at least",
    threshold=2.0,
    reason="the bar that vanishing has: a layer that learns a hundred times faster than another "
    "does not learn beside it; the figure shows several decades",
)
