"""[fGAN] table 3, cross table: what a critic that is trained anew says of a fit."""

from wganbench.gather.learned import learned
from wganbench.gather.load import Results
from wganbench.gather.measures import Evaluated, Measure
from wganbench.gather.selection import ALONE, Where

CROSS: Where = {
    **ALONE,
    "data.name": "fgan-fit",
    "objective.name": "f-gan",
    "critic.name": "tanh-mlp",
}
"""A critic for each entry of the table."""


def by_evaluation(results: Results, run: str) -> Evaluated:
    """Return F of the critic by quadrature; none where it was not mapped."""
    return {point: bound for point, (bound,) in learned(results, run, "learned").items()}


MEASURE = Measure(
    about="E T(x) - E f*(T(y)) of a critic trained alone between [fGAN]'s mixture and one of its "
    "fits, under the two laws themselves, in the divergence's unit",
    where=CROSS,
    by_evaluation=by_evaluation,
)
