"""[WGAN] figure 7: with an MLP as generator the GAN loses modes."""

from math import log

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import fair, recognisable, trained_images
from wganbench.claims.judging.methods import ALGORITHM_1, GAN, IMAGES, MLP_GENERATOR, WGAN
from wganbench.claims.judging.pairs import differences, paired


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the WGAN's entropy of labels less the GAN's, both with an MLP generator."""
    wgan, gan = {**WGAN, **ALGORITHM_1, **MLP_GENERATOR}, {**GAN, **MLP_GENERATOR}
    entropy = evidence.at_end(MLP_GENERATOR, "label_entropy")
    return differences(paired(evidence, wgan, gan, entropy))


CLAIM = Claim(
    source="[WGAN] figure 7",
    statement="With an MLP as generator the GAN collapses to few modes, the WGAN does not.",
    statistic="entropy of a classifier's labels (nats) of the WGAN's samples less that of the "
    "GAN's, same nets and seed, at the end",
    effects=effects,
    direction="at least",
    threshold=log(2),
    reason="log 2: the GAN makes at most half as many classes, counted by their entropy",
    gates=(
        fair(IMAGES),
        trained_images({**WGAN, **ALGORITHM_1, **MLP_GENERATOR}),
        recognisable({**GAN, **MLP_GENERATOR}),
    ),
    leans_on=("baseline_works",),
)
