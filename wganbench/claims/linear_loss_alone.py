"""A discussion's question: is the linear loss what matters, without anything that bounds it?"""

from wganbench.claims.judging.changes import LINEAR, alone
from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.gates import fair, trained_laws
from wganbench.claims.judging.methods import LAWS
from wganbench.claims.judging.thresholds import FAILS, FAILS_REASON

CLAIM = Claim(
    source="asked in a discussion of [WGAN]",
    origin="this project",
    statement="WGAN's linear loss, without clipping, does not do what both do.",
    statistic="exact W1 with the linear loss alone over that with the linear loss and clipping, "
    "for one and five critic steps, Adam and RMSProp, all tuned alike, same seed, at the end",
    effects=alone(LINEAR),
    direction="at least",
    threshold=FAILS,
    reason=FAILS_REASON,
    ratio=True,
    model="Subsets of WGAN's changes",
    published="none; a discussion asks",
    gates=(fair(LAWS), trained_laws({"constraint.name": "clip"})),
)
