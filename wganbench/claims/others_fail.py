"""[GP] figure 2: each other method fails in some of the architectures."""

import pandas as pd

from wganbench.claims.judging.architectures import METHODS, of_architectures, trainable
from wganbench.claims.judging.claim import CELL, Claim, no_cells
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.pairs import lost_is_infinite
from wganbench.claims.judging.thresholds import FAILS, NOT_TRAINED_REASON

OURS = "wgan-gp"


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return, for each other method, the FID over the reference where it does worst."""
    table = trainable(of_architectures(evidence))
    names = {run: name for name, where in METHODS.items() for run in evidence.runs(where)["run"]}
    table = table.assign(context=table["run"].map(names), value=lost_is_infinite(table["value"]))
    others = table[table["context"] != OURS]
    if others.empty:
        return no_cells()
    typical = others.groupby(["context", "run"])["value"].median()
    worst = typical.groupby("context").idxmax().map(lambda key: key[1])
    kept = others[others["run"].isin(worst)]
    return kept.assign(effect=kept["value"], runs=kept["run"].map(lambda run: (run,)))[list(CELL)]


CLAIM = Claim(
    source="[GP] figure 2",
    statement="GAN, LSGAN and WGAN each fail in some architecture that can be trained.",
    statistic="FID over that of real images of half of the classes, at the end, in the "
    "architecture in which a method does worst, of those that any method trains, if there are two "
    "or more",
    effects=effects,
    direction="at least",
    threshold=FAILS,
    reason=NOT_TRAINED_REASON,
)
