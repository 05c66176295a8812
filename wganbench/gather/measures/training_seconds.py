"""Seconds that a run has trained, all of its seeds together."""

from wganbench.evaluation_points import evaluation_points
from wganbench.gather.load import Results
from wganbench.gather.measures import Evaluated, Measure


def by_evaluation(results: Results, run: str) -> Evaluated:
    """Return the run's seconds for each of its seeds, which train stacked."""
    record, configuration = results.records[run], results.runs[run].configuration
    at = zip(evaluation_points(configuration), record.timings.at_evaluations, strict=False)
    return {(seed, iteration): spent for iteration, spent in at for seed in record.ok_seeds()}


MEASURE = Measure(
    about="training seconds at an evaluation, evaluations left out, of all of the run's seeds, "
    "which train at once: a number of the machine",
    where={},
    by_evaluation=by_evaluation,
)
