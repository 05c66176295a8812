"""[fGAN] table 3: the standard deviation of the normal law that a generator has become."""

from wganbench.gather.affine import LINE, parameters
from wganbench.gather.load import Results
from wganbench.gather.measures import Evaluated, Measure


def by_evaluation(results: Results, run: str) -> Evaluated:
    """Return |sigma| of each evaluation."""
    return {point: sd for point, (_, sd) in parameters(results, run).items()}


MEASURE = Measure(
    about="standard deviation of the generated law on the line, which is normal",
    where=LINE,
    by_evaluation=by_evaluation,
)
