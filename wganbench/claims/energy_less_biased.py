"""Bellemare et al. 2017: does the energy distance lose less than W1 by smaller minibatches?"""

import pandas as pd

from wganbench.claims.judging.batches import ENERGY, EXACT_OT, batch_pairs
from wganbench.claims.judging.claim import Claim, no_cells
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import fair, trained_laws
from wganbench.claims.judging.pairs import ratios
from wganbench.claims.judging.thresholds import DIRECTION, DIRECTION_REASON
from wganbench.gather.selection import Where, as_texts

TASK = ("experiment", "data.", "generator.")


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return by what factor exact transport loses more, of the same batches, law and seed."""
    tables = [_lost(evidence, where) for where in (EXACT_OT, ENERGY)]
    both = tables[0].merge(tables[1], on=["task", "batches", "seed"], suffixes=("_ot", "_energy"))
    if both.empty:
        return no_cells()
    both = both.assign(
        left=both["effect_ot"],
        right=both["effect_energy"],
        context=both["context_ot"] + " | " + both["context_energy"],
        runs=both["runs_ot"] + both["runs_energy"],
        floor=both["floor_ot"],
    )
    return ratios(both)


def _lost(evidence: Evidence, where: Where) -> pd.DataFrame:
    pairs = batch_pairs(evidence, where)
    keys = [key for key in map(str, evidence.comparable) if key.startswith(TASK)]
    texts = as_texts(evidence.comparable[keys])
    tasks = dict(zip(evidence.comparable["run"], texts, strict=True))
    named = pairs[["batches"]].assign(task=pairs["run_left"].map(tasks))
    return ratios(pairs).join(named)


CLAIM = Claim(
    source="[Cramer] theorems 1, 2, on laws in the plane",
    origin="other papers",
    model="Without a critic",
    statement="The energy distance's gradient is unbiased on minibatches: smaller ones cost it "
    "less than they cost exact W1.",
    statistic="factor by which exact W1 at a common iteration is larger with the smaller batch "
    "than with the larger one, trained on minibatches' exact W1, over the same factor trained on "
    "their energy distance, same batch sizes, law, net and seed",
    effects=effects,
    direction="at least",
    threshold=DIRECTION,
    reason=f"{DIRECTION_REASON}; gradient noise, which both have, cancels as far as it is alike",
    published="a theorem, no number: the Cramer distance has unbiased sample gradients",
    ratio=True,
    gates=(fair(EXACT_OT), fair(ENERGY), trained_laws(EXACT_OT), trained_laws(ENERGY)),
)
