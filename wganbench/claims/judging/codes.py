"""Generators of images that take a code, with a gain by its information or without."""

import numpy as np
import pandas as pd

from wganbench.claims.judging.evidence import Evidence
from wganbench.gather.selection import Where

WITH_CODES: Where = {"algorithm": "infogan", "data.kind": "images"}
INFOGAN: Where = {**WITH_CODES, "information_weight": lambda weight: weight > 0}
NO_GAIN: Where = {**WITH_CODES, "information_weight": 0.0}
"""The GAN beside it: its recogniser learns, and nobody gains by that."""
TEN_DIGITS: Where = {**INFOGAN, "categories": 10}
"""As many categories as digits."""
AMISS = 0.2
AMISS_REASON = (
    "two of ten digits in the wrong place: one category with two digits, or two categories with "
    "one, costs a tenth, and a code with more than two such is not the digit; of 36 images of each "
    "category chance makes 0.16 agree"
)


def read_off(evidence: Evidence, where: Where) -> pd.DataFrame:
    """Return `run`, `seed` and as `value` L_I at the end, as a share of the code's entropy."""
    table = evidence.at_end(where, "information_heldout")
    known = evidence.settings.set_index("run").get("categories", pd.Series(dtype=float))
    categories = table["run"].map(known.astype(float)).astype(float)
    return table.assign(value=table["value"] / np.log(categories))
