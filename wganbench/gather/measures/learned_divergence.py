"""[fGAN] table 3: the learned objective F, which bounds the divergence from below."""

from wganbench.gather.affine import FITS, parameters
from wganbench.gather.bounds import bounds
from wganbench.gather.load import Results
from wganbench.gather.measures import Evaluated, Measure
from wganbench.objectives.f_gan import FGAN


def by_evaluation(results: Results, run: str) -> Evaluated:
    """Return F of the critic as it is, by quadrature; none where it was not mapped."""
    objective = results.runs[run].configuration.objective
    assert isinstance(objective, FGAN), "chosen by the objective's name"
    return bounds(results, run, objective.row, lambda point: parameters(results, run)[point])


MEASURE = Measure(
    about="E T(x) - E f*(T(y)) of the trained critic under the two laws themselves, without the "
    "noise of samples, in the divergence's unit",
    where=FITS,
    by_evaluation=by_evaluation,
)
