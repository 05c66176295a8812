"""[fGAN] table 3: the learned objective F, which bounds the divergence from below."""

from wganbench.gather.affine import FITS
from wganbench.gather.learned import learned
from wganbench.gather.load import Results
from wganbench.gather.measures import Evaluated, Measure


def by_evaluation(results: Results, run: str) -> Evaluated:
    """Return F of the critic as it is, by quadrature; none where it was not mapped."""
    return {point: bound for point, (bound,) in learned(results, run, "learned").items()}


MEASURE = Measure(
    about="E T(x) - E f*(T(y)) of the trained critic under the two laws themselves, without the "
    "noise of samples, in the divergence's unit",
    where=FITS,
    by_evaluation=by_evaluation,
)
