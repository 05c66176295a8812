"""What a discriminator knows of the Jensen-Shannon divergence between two laws on the line."""

from wganbench.gather.affine import LINE
from wganbench.gather.bounds import bound
from wganbench.gather.load import Results
from wganbench.gather.measures import Evaluated, Measure


def by_evaluation(results: Results, run: str) -> Evaluated:
    """Return L/2 + log 2 by quadrature; none where the discriminator was not mapped."""
    return {point: value / 2 for point, value in bound(results, run).items()}  # of 2 JS


MEASURE = Measure(
    about="the Jensen-Shannon estimate of a discriminator under the two laws themselves, without "
    "the noise of samples, in nats: at most the divergence itself",
    where={**LINE, "objective.name": ["minimax", "non-saturating"]},
    by_evaluation=by_evaluation,
)
