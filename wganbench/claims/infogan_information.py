"""[InfoGAN] figure 1: does the code become plain in the samples?"""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.codes import INFOGAN, read_off
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import recognisable
from wganbench.claims.judging.pairs import cells


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the share of the code's entropy that the bound says is in the samples."""
    table = read_off(evidence, INFOGAN)
    return cells(table, table["value"].fillna(0.0))


CLAIM = Claim(
    source="[InfoGAN] figure 1, section 7.1",
    origin="other papers",
    model="InfoGAN",
    published="2.30 of log 10 = 2.303 nats, by recall",
    statement="InfoGAN's bound on the mutual information of categorical code and sample reaches "
    "the code's entropy.",
    statistic="L_I of the categorical code over the code's entropy, at the end, on latents drawn "
    "for it",
    effects=effects,
    direction="at least",
    threshold=0.95,
    reason="the paper, by recall, has all of the entropy to three digits; .95 of log 10 leaves "
    "0.12 nats, what a recogniser loses by being 90% sure of every sample that it gets right",
    gates=(recognisable(INFOGAN),),
)
