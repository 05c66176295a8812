"""How far generated samples spread, beside real ones."""

import numpy as np

from wganbench.gather.load import Results
from wganbench.gather.measures import Evaluated, Measure
from wganbench.gather.selection import FROZEN


def by_evaluation(results: Results, run: str) -> Evaluated:
    """Return the root of the summed variances over that of as many held-out real samples."""
    samples = results.samples(run)
    real = _extent(samples.real)
    return {
        point: _extent(samples.generated[place]) / real
        for point, place in results.evaluated(run, samples)
    }


def _extent(samples: np.ndarray) -> float:
    flat = samples.reshape(len(samples), -1).astype(np.float64)
    return float(np.sqrt(flat.var(axis=0).sum()))


MEASURE = Measure(
    about="extent of the generated samples over that of real ones: root of the variances' sum",
    where=FROZEN,
    by_evaluation=by_evaluation,
)
