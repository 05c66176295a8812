"""[fGAN] table 3: the mean of the normal law that an affine generator has become."""

from wganbench.gather.affine import LINE, parameters
from wganbench.gather.load import Results
from wganbench.gather.measures import Evaluated, Measure


def by_evaluation(results: Results, run: str) -> Evaluated:
    """Return mu of each evaluation."""
    return {point: mean for point, (mean, _) in parameters(results, run).items()}


MEASURE = Measure(
    about="mean of the generated law on the line, which is normal",
    where=LINE,
    by_evaluation=by_evaluation,
)
