"""[GP] figure 1b, right: how many weights clipping has stopped."""

from wganbench.gather.load import Results
from wganbench.gather.measures import Evaluated, Measure
from wganbench.gather.selection import ALONE

COLUMN = "weights_at_ends"  # of the curves: what the constraint measured


def by_evaluation(results: Results, run: str) -> Evaluated:
    """Return the share; none where it was not recorded."""
    rows = results.logged[run].select(["seed", "iteration", COLUMN]).drop_null().to_pylist()
    known = results.replicas(run)
    return {(r["seed"], r["iteration"]): r[COLUMN] for r in rows if r["seed"] in known}


MEASURE = Measure(
    about="share of a clipped critic's weights within 0.1% of -c or c, biases apart",
    where={**ALONE, "critic.name": "mlp", "data.name": "noisy-law", "constraint.name": "clip"},
    by_evaluation=by_evaluation,
)
