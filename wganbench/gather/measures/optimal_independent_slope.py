"""Where WGAN-GP looks: the optimal critic's slope along lines between independent points."""

from functools import partial

from wganbench.gather.measures import Measure
from wganbench.gather.optimal import IN_THE_PLANE, optimal_slopes

MEASURE = Measure(
    about="mean slope (f(x) - f(y)) / |x - y| of the laws' optimal critic, had from other "
    "samples, over all pairs of saved real and generated samples; at most 1",
    where=IN_THE_PLANE,
    by_evaluation=partial(optimal_slopes, "independent_slope"),
)
