"""A discussion's question: is clipping what matters, whatever the loss?"""

from wganbench.claims.judging.changes import CLIPPING, alone
from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.gates import fair, trained_laws
from wganbench.claims.judging.methods import LAWS
from wganbench.claims.judging.thresholds import FAILS, FAILS_REASON

CLAIM = Claim(
    source="asked in a discussion of [WGAN]",
    origin="this project",
    statement="Clipping the discriminator of a GAN, without WGAN's linear loss, does not do what "
    "both do.",
    statistic="exact W1 with clipping alone over that with clipping and the linear loss, for one "
    "and five critic steps, Adam and RMSProp, all tuned alike, same seed, at the end",
    effects=alone(CLIPPING),
    direction="at least",
    threshold=FAILS,
    reason=FAILS_REASON,
    ratio=True,
    model="Subsets of WGAN's changes",
    published="none; a discussion asks",
    gates=(fair(LAWS), trained_laws({"objective.name": "wasserstein"})),
)
