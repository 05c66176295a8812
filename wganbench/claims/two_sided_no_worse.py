"""[GP] section 4: the penalty on both sides does no harm, against that on slopes above 1 alone."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import known_pairs
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import PENALTY_10, WASSERSTEIN, WGAN_GP
from wganbench.claims.judging.pairs import differences, paired, relative_error
from wganbench.claims.judging.thresholds import WITHIN
from wganbench.gather.selection import Where

TWO_SIDED: Where = {**WGAN_GP, **PENALTY_10}
ONE_SIDED: Where = {**WASSERSTEIN, **PENALTY_10, "constraint.name": "one-sided-penalty"}


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the error with the penalty on both sides less that with it on one."""
    tables = [
        known_pairs(evidence, {**side, "constraint.points": "interpolates"}, "estimate_heldout")
        for side in (TWO_SIDED, ONE_SIDED)
    ]
    errors = pd.concat(tables)
    errors = errors.assign(value=relative_error(errors["value"], errors["truth"]))
    alike = ("experiment", "data.", "critic.", "batch_size", "n_critic", "iterations")
    return differences(paired(evidence, TWO_SIDED, ONE_SIDED, errors, alike))


CLAIM = Claim(
    source="[GP] section 4, two-sided penalty",
    origin="this project",
    statement="The penalty on both sides constrains the critic no worse than the one-sided one.",
    statistic="relative error of the held-out estimate on fixed pairs with the two-sided penalty "
    "less that with the one-sided, same pair, net and seed, at the end",
    effects=effects,
    direction="at most",
    threshold=WITHIN,
    reason="the source says that it does not constrain the critic too much: harm is an error "
    "larger by a tenth of W1, the project's bar for calling an estimate a distance; a ratio of "
    "errors that pass through 0 says nothing",
)
