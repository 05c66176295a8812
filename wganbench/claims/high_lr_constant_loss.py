"""[WGAN] figure 3, below: a failing training has a constant loss."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.histories import along_curves
from wganbench.claims.judging.pairs import cells
from wganbench.claims.judging.rates import far_apart
from wganbench.claims.judging.thresholds import WITHIN

START = 0.1  # of the training, in which any loss moves


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return how much the filtered estimate varies along training, over its size."""
    failing = far_apart(evidence, evidence.seeds.assign(value=1.0))["run_left"]
    table = along_curves(evidence, {"run": list(failing)}, _variation)
    return cells(table, table["value"])


def _variation(estimate: "pd.Series[float]") -> float:
    late = estimate[estimate.index > START * estimate.index.max()]
    spread, size = late.quantile(0.75) - late.quantile(0.25), abs(late.median())
    if size > 0:
        return float(spread / size)
    return float("inf") if spread > 0 else 0.0


CLAIM = Claim(
    source="[WGAN] figure 3, lower half",
    statement="MLPs for both nets and a learning rate that is far too high: the loss is constant.",
    statistic="interquartile range of the median-filtered estimate over its median, after the "
    "first tenth of the training",
    effects=effects,
    direction="at most",
    threshold=WITHIN,
    reason="a curve that stays within a tenth of its level looks constant in a figure",
    leans_on=("high_lr_bad_samples",),
)
