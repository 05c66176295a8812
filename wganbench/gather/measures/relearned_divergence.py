"""[fGAN] table 3, cross table: what a critic that is trained anew says of a fit."""

from wganbench.gather.bounds import bound
from wganbench.gather.measures import Measure
from wganbench.gather.selection import ALONE, Where

CROSS: Where = {
    **ALONE,
    "data.name": "fgan-fit",
    "objective.name": "f-gan",
    "critic.name": "tanh-mlp",
}
"""A critic for each entry of the table."""

MEASURE = Measure(
    about="E T(x) - E f*(T(y)) of a critic trained alone between [fGAN]'s mixture and one of its "
    "fits, under the two laws themselves, in the divergence's unit",
    where=CROSS,
    by_evaluation=bound,
)
