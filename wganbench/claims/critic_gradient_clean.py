"""[WGAN] figure 2: the critic keeps a gradient where the model's samples are."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import value_of
from wganbench.claims.judging.methods import WGAN

CLAIM = Claim(
    source="[WGAN] figure 2",
    statement="Between two Gaussians that hardly overlap a WGAN critic has clean gradients "
    "everywhere.",
    statistic="median slope of the critic over the model's bulk (mean +- 2 sd) as a share of its "
    "largest slope between the laws",
    effects=value_of("slope_left", WGAN),
    direction="at least",
    threshold=0.5,
    reason="the optimal critic is linear here, a share of 1; half of it is a factor of 2 in a "
    "step, which a learning rate makes up for",
)
