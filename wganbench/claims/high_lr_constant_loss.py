"""[WGAN] figure 3, below: a failing training has a constant loss."""

from collections.abc import Iterator

import pandas as pd

from wganbench.claims.high_lr_bad_samples import failing
from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.courses import filtered_estimates, replicas
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.pairs import cells
from wganbench.claims.judging.thresholds import LARGEST_ERROR, WITHIN

START = 0.1  # of the training, in which any loss moves


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return how much the filtered estimate varies along training, over its size."""
    table = replicas(_variations(evidence))
    return cells(table, table["value"])


def _variations(evidence: Evidence) -> Iterator[tuple[str, int, float]]:
    for run, seed, estimate in filtered_estimates(evidence, {"run": failing(evidence)}):
        late = estimate[estimate.index > START * estimate.index.max()]
        spread, size = late.quantile(0.75) - late.quantile(0.25), abs(late.median())
        variation = spread / size if size > 0 else LARGEST_ERROR * (spread > 0)
        yield run, seed, min(float(variation), LARGEST_ERROR)


CLAIM = Claim(
    source="[WGAN] figure 3, lower half",
    statement="MLPs for both nets and a learning rate that is far too high: the loss is constant.",
    statistic="interquartile range of the median-filtered estimate over its median, after the "
    "first tenth of the training",
    effects=effects,
    direction="at most",
    threshold=WITHIN,
    reason="a curve that stays within a tenth of its level looks constant in a figure",
)
