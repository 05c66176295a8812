"""[GP] section 5.6: the loss of a penalised critic tells how good samples are."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import correlation
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import enough_points, trained_images, trained_laws
from wganbench.claims.judging.methods import ALGORITHM_1, IMAGES, LAWS, PENALTIES, WGAN_GP
from wganbench.claims.judging.thresholds import RANKED, RANKED_REASON
from wganbench.gather.selection import Where

PENALISED: Where = {**WGAN_GP, **PENALTIES, **ALGORITHM_1}


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the correlations on images and on laws in the plane."""
    images = correlation("estimate_heldout", "fid", {**PENALISED, **IMAGES})(evidence)
    laws = correlation("estimate_heldout", "w1", {**PENALISED, **LAWS})(evidence)
    return pd.concat([part for part in (images, laws) if len(part)] or [images])


CLAIM = Claim(
    source="[GP] section 5.6 and figure 5",
    statement="Along the training of a WGAN-GP the critic's estimate falls as samples get better.",
    statistic="Spearman's correlation of held-out estimate and FID, on laws exact W1, over a "
    "replica's evaluations",
    effects=effects,
    direction="at least",
    threshold=RANKED,
    reason=RANKED_REASON,
    gates=(
        enough_points(PENALISED),
        trained_images(PENALISED),
        trained_laws(PENALISED),
    ),
)
