"""Why interpolates? Penalised between coupled points, is a critic's estimate less biased?"""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import known_pairs
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import alive
from wganbench.claims.judging.methods import COUPLED, INTERPOLATES, PENALTY_10
from wganbench.claims.judging.pairs import differences, paired, relative_error

ALIKE = ("experiment", "data.", "critic.", "batch_size", "n_critic", "iterations")


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the error with the penalty at coupled points less that at [GP]'s."""
    sides = (COUPLED, INTERPOLATES)
    errors = pd.concat([known_pairs(evidence, side, "estimate_heldout") for side in sides])
    errors = errors.assign(value=relative_error(errors["value"], errors["truth"]))
    return differences(paired(evidence, COUPLED, INTERPOLATES, errors, ALIKE))


CLAIM = Claim(
    source="[GP] section 4, proposition 1",
    origin="this project",
    statement="Penalised between the points that a minibatch's optimal plan couples, in place of "
    "independent ones, a critic's raw estimate of W1 is less biased.",
    statistic="relative error of the held-out raw estimate on fixed pairs with the two-sided "
    "penalty between coupled points less that with it between independent ones, same pair, net "
    "and seed, at the end; against the true W1, or the exact one of the samples",
    effects=effects,
    direction="at most",
    threshold=0.0,
    reason="a direction without a size, so that any difference counts which the interval tells "
    "from none",
    model="Why interpolates?",
    published="nothing: the paper couples no points",
    gates=(alive(PENALTY_10),),
)
