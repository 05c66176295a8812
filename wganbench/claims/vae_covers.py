"""Does a variational auto-encoder cover the data at least as well as a GAN?"""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import fair, recognisable, trained_images
from wganbench.claims.judging.methods import GAN, IMAGES
from wganbench.claims.judging.pairs import differences, paired
from wganbench.gather.selection import VAE

GAN_IMAGES = {**GAN, **IMAGES}
SAME_DECODER = ("experiment", "data.", "generator.", "iterations", "train_samples")


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the VAE's recall less the GAN's."""
    recall = evidence.measure("recall", IMAGES)
    return differences(paired(evidence, VAE, GAN_IMAGES, recall, SAME_DECODER))


CLAIM = Claim(
    source="[VAE] figure 5; the question is this project's",
    origin="this project",
    model="VAE",
    published="no number: the talks have it that a likelihood leaves no mode out",
    statement="A variational auto-encoder covers the data at least as well as a GAN with the same "
    "generator.",
    statistic="recall of the VAE's images less that of the GAN's (share of real images among the "
    "generated ones' neighbours, in the classifier's space), same generator, iterations and seed, "
    "at the end",
    effects=effects,
    direction="at least",
    threshold=0.0,
    reason="the talks state a direction and no size, so that any difference counts which the "
    "interval tells from none",
    gates=(fair(IMAGES), trained_images(VAE), recognisable(GAN_IMAGES)),
)
