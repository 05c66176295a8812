"""[GP] figure 1b: under a small clip value gradients vanish in a deep critic."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import value_of
from wganbench.claims.judging.gates import free_to_grow
from wganbench.claims.judging.methods import CLIPPED
from wganbench.gather.selection import Where

# The figure's 0.01 at width 512, and what stretches a gradient alike at width 64: layers of weights
# at +-c with random signs do so by about 2 c sqrt(width).
SMALL: Where = {**CLIPPED, "constraint.clip_value": lambda c: c <= 0.03}

CLAIM = Claim(
    source="[GP] figure 1b, left; [WGAN] section 3",
    statement="In a 12-layer critic with a small c the gradient vanishes on its way back to "
    "the first layer.",
    statistic="log10 of the loss's gradient norm at the first layer over that at the last; -20 "
    "where it is lost",
    effects=value_of("gradient_growth", SMALL),
    direction="at most",
    threshold=-2.0,
    gates=(free_to_grow(SMALL),),
    reason="a hundredth: a layer that learns a hundred times slower than another does not learn "
    "beside it; the figure shows several decades",
)
