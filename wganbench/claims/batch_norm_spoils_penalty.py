"""[GP] section 4: a penalised critic must have no batch norm."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import PENALTY_10, WGAN_GP
from wganbench.claims.judging.pairs import EVERYTHING, differences, lost_is_infinite, paired
from wganbench.claims.judging.thresholds import WITHIN
from wganbench.gather.selection import Where

ALONE: Where = {**WGAN_GP, **PENALTY_10, "data.kind": "pair"}


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the relative error of the estimate with batch norm less that without."""
    estimates, truth = (evidence.at_end(ALONE, column) for column in ("estimate_heldout", "w1"))
    both = estimates.merge(truth, on=["run", "seed"], suffixes=("", "_exact"), how="left")
    exact = both.groupby("run")["value_exact"].transform("mean")
    errors = both.assign(value=lost_is_infinite((both["value"] / exact - 1).abs()))
    batch, none = ({**ALONE, "critic.norm": norm} for norm in ("batch", "none"))
    return differences(
        paired(evidence, batch, none, errors, EVERYTHING, ("variant", "critic.norm"))
    )


CLAIM = Claim(
    source="[GP] section 4, no critic batch normalization",
    origin="this project",
    statement="Batch norm in a penalised critic makes its estimate of W1 worse.",
    statistic="relative error of the held-out estimate against the exact W1 with batch norm in "
    "the critic less that without, same pair and seed, at the end",
    effects=effects,
    direction="at least",
    threshold=WITHIN,
    reason="an error larger by a tenth of W1, the project's bar for calling an estimate a distance",
)
