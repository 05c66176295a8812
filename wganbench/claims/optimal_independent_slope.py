"""Why interpolates? The optimal critic's slope between independent points, where WGAN-GP looks."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import value_of
from wganbench.claims.judging.gates import resolved
from wganbench.claims.judging.methods import INTERPOLATES

CLAIM = Claim(
    source="[GP] section 4, proposition 1, for the lines that it says nothing about; Petzka et "
    "al. 2018",
    origin="this project",
    statement="Along lines between independent points, on which WGAN-GP's penalty looks, the "
    "optimal critic's slope is well below the 1 that it has between coupled points.",
    statistic="slope (f(x) - f(y)) / |x - y| of the optimal critic, mean over all pairs of "
    "held-out real and model's samples; the critic is the Kantorovich potential of other samples, "
    "drawn by the seed, and so no training's",
    effects=value_of("optimal_independent_slope", INTERPOLATES),
    direction="at most",
    threshold=0.7,
    reason="on a line any coupling is optimal and the slope is 1; at .7 lines stand off the "
    "gradient by 45 degrees, no longer along it. That on the 8 Gaussians it is .44 on the "
    "potential's own samples was known",
    model="Why interpolates?",
    published="nothing on independent pairs; 1 on coupled ones",
    gates=(resolved(INTERPOLATES),),
)
