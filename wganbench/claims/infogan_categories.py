"""[InfoGAN] figure 2a: is the categorical code the digit?"""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.codes import AMISS, AMISS_REASON, TEN_DIGITS
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import trained_images
from wganbench.claims.judging.pairs import cells


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the share of samples whose label is the one matched with their category."""
    table = evidence.at_end(TEN_DIGITS, "matched_accuracy")
    return cells(table, table["value"].fillna(0.0))


CLAIM = Claim(
    source="[InfoGAN] figure 2, section 7.2",
    origin="other papers",
    model="InfoGAN",
    published="no number for samples; 95% for real digits, by recall",
    statement="InfoGAN's categorical code becomes the digit.",
    statistic="share of generated images whose label, by a classifier, is the one that is matched "
    "with their category, one to one, at the end",
    effects=effects,
    direction="at least",
    threshold=1 - AMISS,
    reason=AMISS_REASON,
    gates=(trained_images(TEN_DIGITS),),
    leans_on=("infogan_information",),
)
