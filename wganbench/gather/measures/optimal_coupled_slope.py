"""[GP] proposition 1: the optimal critic's slope along lines between coupled points."""

from functools import partial

from wganbench.gather.measures import Measure
from wganbench.gather.optimal import IN_THE_PLANE, optimal_slopes

MEASURE = Measure(
    about="mean slope (f(x) - f(y)) / |x - y| of the laws' optimal critic, had from other "
    "samples, over the saved pairs that an optimal plan couples; 1 without the samples' error",
    where=IN_THE_PLANE,
    by_evaluation=partial(optimal_slopes, "coupled_slope"),
)
