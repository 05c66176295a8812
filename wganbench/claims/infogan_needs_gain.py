"""[InfoGAN] figure 1, the GAN: is the code lost where nobody gains by it?"""

from math import log

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.codes import NO_GAIN, read_off
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import recognisable
from wganbench.claims.judging.pairs import cells


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the share of the code's entropy that a recogniser finds in a GAN's samples."""
    table = read_off(evidence, NO_GAIN).dropna(subset=["value"])
    return cells(table, table["value"])


CLAIM = Claim(
    source="[InfoGAN] figure 1, section 7.1",
    origin="other papers",
    model="InfoGAN",
    published='"little mutual information", by recall; a curve near 0',
    statement="A GAN that takes the same code without a gain by its information leaves little of "
    "it in the samples.",
    statistic="L_I of the categorical code over the code's entropy, at the end, of a recogniser "
    "that learns from the samples while lambda is 0",
    effects=effects,
    direction="at most",
    threshold=log(2) / log(10),
    reason="the figure's curve stays near 0, by recall; log 2 nats of log 10 is what a recogniser "
    "has that tells one half of the categories from the other, and then a code is not lost",
    gates=(recognisable(NO_GAIN),),
)
