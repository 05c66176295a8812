"""What trainings take by counted operations, beside what they took.

    python benchmarks/counted.py [FOLDER]

Reads the finished runs of results/runs/ or of another folder, one of each kind, and prints how many
times the counted seconds they took: quantiles, and the kinds that are farthest off. Rates to count
with stand in wganbench/operations/counted.py.
"""

import sys
from pathlib import Path

import numpy as np

from wganbench.operations.counted import counts
from wganbench.operations.rates import CLOSE, LIKENESSES, timed_runs
from wganbench.plan.runs import Run
from wganbench.records.layout import RUNS
from wganbench.records.run import Timings

QUANTILES = (0, 0.05, 0.25, 0.5, 0.75, 0.95, 1)
SHOWN = 5


def main(folder: str = str(RUNS)) -> None:
    """Print a line for each device, and the kinds that are farthest off."""
    for (device, name), finished in timed_runs(Path(folder)).items():
        kinds = {LIKENESSES[CLOSE[-1]](run): (run, timings) for run, timings in finished}
        placed = [(run.model_copy(update={"device": device}), t) for run, t in kinds.values()]
        ratios = _ratios(placed)
        found = np.quantile([ratio for ratio, _ in ratios], QUANTILES)
        shown = ", ".join(f"{q:.0%} {value:.2f}" for q, value in zip(QUANTILES, found, strict=True))
        some = f"{len(ratios)} of {len(placed)} kinds"
        sys.stdout.write(f"{name} ({device}): {some} took times what is counted: {shown}\n")
        for ratio, run_id in [*ratios[:SHOWN], *ratios[-SHOWN:]]:
            sys.stdout.write(f"  {ratio:6.2f} {run_id}\n")


def _ratios(timed: list[tuple[Run, Timings]]) -> list[tuple[float, str]]:
    """Return seconds of iterations over counted ones, ascending; some cannot be counted."""
    found = counts([run for run, _ in timed], anew=True)
    return sorted(
        (t.per_iteration * run.configuration.iterations / found[run.id].seconds(run), run.id)
        for run, t in timed
        if run.id in found
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
