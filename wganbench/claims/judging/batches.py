"""Generators trained by a loss between minibatches: selections, and what the batch size does."""

import numpy as np
import pandas as pd

from wganbench.claims.judging.evidence import BUDGETS, Evidence
from wganbench.claims.judging.methods import LAWS
from wganbench.claims.judging.pairs import EVERYTHING, PAIRED, paired
from wganbench.gather.selection import Where

_SAMPLE_LOSS: Where = {**LAWS, "algorithm": "sample-loss"}
EXACT_OT: Where = {**_SAMPLE_LOSS, "loss.name": "exact-ot"}
ENERGY: Where = {**_SAMPLE_LOSS, "loss.name": "energy", "loss.estimator": "unbiased"}


def batch_pairs(evidence: Evidence, where: Where) -> pd.DataFrame:
    """Return W1 with a smaller batch on the left and a larger one on the right, as `paired` does.

    Both at the last iteration after which both were evaluated, all but the batch size and the
    budget alike. `batches` names the two sizes.
    """
    seeds = evidence.seeds[["run", "seed"]].assign(value=np.nan)
    pairs = paired(evidence, where, where, seeds, EVERYTHING, ("batch_size", *BUDGETS))
    if pairs.empty or not {"w1", "floor"} <= set(evidence.evaluations):
        return pd.DataFrame(columns=[*PAIRED, "batches"])
    sizes = evidence.settings.set_index("run")["batch_size"]
    small, large = (pairs[f"run_{side}"].map(sizes) for side in ("left", "right"))
    sizes_of_pair = small.astype(str) + " and " + large.astype(str)
    pairs = pairs.assign(batches=sizes_of_pair)[small < large]
    parts = [_at_common(evidence, group) for _, group in pairs.groupby("context")]
    return pd.concat([part for part in parts if len(part)] or [pairs.iloc[:0]])


def _at_common(evidence: Evidence, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of one pair of runs with their values; none without a common iteration."""
    runs = pairs[["run_left", "run_right"]].iloc[0]
    tables = [evidence.evaluations[evidence.evaluations["run"] == run] for run in runs]
    common = set(tables[0]["iteration"]) & set(tables[1]["iteration"])
    if not common:
        return pairs.iloc[:0]
    left, right = (t[t["iteration"] == max(common)].set_index("seed") for t in tables)
    values = {"left": left["w1"], "right": right["w1"], "floor": right["floor"]}
    return pairs.assign(**{name: pairs["seed"].map(known) for name, known in values.items()})
