"""[InfoGAN] section 7.2: is the recogniser a classifier of real digits?"""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.codes import TEN_DIGITS
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import trained_images
from wganbench.claims.judging.pairs import cells, lost_is_infinite


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the recogniser's error on real images that nobody was trained on."""
    table = evidence.at_end(TEN_DIGITS, "recognition_error")
    return cells(table, lost_is_infinite(table["value"]))


CLAIM = Claim(
    source="[InfoGAN] section 7.2",
    origin="other papers",
    model="InfoGAN",
    published="5% on MNIST, by recall",
    statement="InfoGAN's recogniser, which has seen no label, classifies real digits.",
    statistic="share of held-out real digits whose class is not the one that is matched with the "
    "category that the recogniser gives them, one to one, at the end",
    effects=effects,
    direction="at most",
    threshold=0.1,
    reason="twice the paper's error on MNIST, where its nets are convolutions",
    gates=(trained_images(TEN_DIGITS),),
)
