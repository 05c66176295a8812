"""[EBGAN] theorem 2: how far a critic's energies on the data are from one number."""

from wganbench.gather.energies import ENERGIES, energies
from wganbench.gather.load import Results
from wganbench.gather.measures import Evaluated, Measure


def by_evaluation(results: Results, run: str) -> Evaluated:
    """Return the coefficient of variation; 0 where all energies are 0."""
    return {
        point: found.real_sd / found.real if found.real else 0.0
        for point, found in energies(results, run).items()
    }


MEASURE = Measure(
    about="standard deviation of the energies of held-out real samples over their mean; 0 if all "
    "are equal",
    where=ENERGIES,
    by_evaluation=by_evaluation,
)
