"""[WGAN] figure 2: the discriminator is flat where the model's samples are."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import value_of
from wganbench.claims.judging.methods import GAN

CLAIM = Claim(
    source="[WGAN] figure 2",
    statement="Between two Gaussians that hardly overlap the discriminator saturates: the minimax "
    "loss leaves the model's samples no gradient.",
    statistic="median slope of D = sigmoid(f) over the model's bulk (mean +- 2 sd) as a share of "
    "its largest slope between the laws",
    effects=value_of("slope_left", {**GAN, "objective.name": "minimax"}),
    direction="at most",
    threshold=0.01,
    reason="a hundredth of the slope is no gradient for a learning rate tuned to the rest; the "
    "optimal discriminator of means six standard deviations apart leaves 6e-8",
)
