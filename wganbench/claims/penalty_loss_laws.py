"""[GP] section 5.6 in the plane: the loss of a penalised critic tells how good samples are."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import correlation
from wganbench.claims.judging.gates import enough_points, trained_laws
from wganbench.claims.judging.methods import ALGORITHM_1, LAWS, PENALTIES, WGAN_GP
from wganbench.claims.judging.thresholds import RANKED, RANKED_REASON
from wganbench.gather.selection import Where

PENALISED: Where = {**WGAN_GP, **PENALTIES, **ALGORITHM_1, **LAWS}

CLAIM = Claim(
    source="[GP] section 5.6, on laws in the plane",
    origin="this project",
    statement="Along the training of a WGAN-GP on laws in the plane the critic's estimate falls "
    "as the exact distance does.",
    statistic="Spearman's correlation of held-out estimate and exact W1 over a replica's "
    "evaluations",
    effects=correlation("estimate_heldout", "w1", PENALISED),
    direction="at least",
    threshold=RANKED,
    reason=RANKED_REASON,
    gates=(enough_points(PENALISED), trained_laws(PENALISED)),
)
