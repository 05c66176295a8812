"""The official WGAN code clips batch norm's scales and shifts too; ports that do not, fail."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import CLIPPED
from wganbench.claims.judging.pairs import EVERYTHING, paired, ratios
from wganbench.claims.judging.thresholds import FAILS


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the size of the estimate with batch norm unclipped over that with all clipped."""
    task = {**CLIPPED, "critic.norm": "batch"}
    estimate = evidence.at_end(task, "estimate_heldout")
    sizes = estimate.assign(value=estimate["value"].abs())
    free = {**task, "constraint.norm_parameters": False}
    clipped = {**task, "constraint.norm_parameters": True}
    apart = ("variant", "constraint.norm_parameters")
    return ratios(paired(evidence, free, clipped, sizes, EVERYTHING, apart))


CLAIM = Claim(
    source="[WGAN]'s official code, main.py, and its users' reports",
    statement="It matters that the critic's batch-norm parameters are clipped too: without, the "
    "loss is far higher.",
    statistic="size of the held-out estimate with batch norm's parameters left free over that with "
    "all clipped, all else and the seed alike, at the end",
    effects=effects,
    direction="at least",
    threshold=FAILS,
    reason="'far higher' is at least twice; less could be made up for by the clip value",
    ratio=True,
)
