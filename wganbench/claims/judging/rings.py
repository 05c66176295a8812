"""f-GAN's divergences compared on one law: the best and the worst of them, by what is typical."""

import numpy as np
import pandas as pd

from wganbench.claims.judging.claim import CELL, joined, no_cells
from wganbench.claims.judging.evidence import BUDGETS, NAMES, Evidence
from wganbench.claims.judging.fits import PARTS
from wganbench.claims.judging.gates import trained_laws
from wganbench.claims.judging.methods import LAWS
from wganbench.gather.selection import Where, as_texts

RING: Where = {
    **LAWS,
    "algorithm": "adversarial",
    "objective.name": "f-gan",
    "data.name": "8gaussians",
}
LEAST = 3  # divergences
TRAINED = trained_laws({}).bar  # floors


def best_and_worst(evidence: Evidence) -> pd.DataFrame:
    """Return cells with exact W1 of the divergence that does worst over that which does best.

    Which these are is decided by medians over seeds. Where not even the best has begun to work
    nothing is compared.
    """
    floors = evidence.over_floor(RING).fillna({"value": np.inf})  # diverged: farthest off
    table = floors.merge(_contests(evidence), on="run")
    contests = (rows for _, rows in table.groupby("contest") if rows["run"].nunique() >= LEAST)
    return joined(map(_cells, contests))


def _cells(rows: pd.DataFrame) -> pd.DataFrame:
    typical = rows.groupby("run")["value"].median().sort_values(kind="stable")
    best, worst = str(typical.index[0]), str(typical.index[-1])
    if typical[best] > TRAINED:
        return no_cells()
    values = rows.pivot_table(index="seed", columns="run", values="value")
    effect = (values[worst] / values[best]).dropna()
    runs = (worst, best, *(run for run in typical.index if run not in (best, worst)))
    return pd.DataFrame(
        {"context": f"{worst} | {best}", "seed": effect.index, "effect": effect.to_numpy(),
         "runs": [runs] * len(effect), "floor": float(rows["floor"].mean())}, columns=list(CELL),
    )  # fmt: skip


def _contests(evidence: Evidence) -> pd.DataFrame:
    """Return `run` and as `contest` all that compared runs share: everything but the divergence."""
    table = evidence.comparable
    own = ("run", *PARTS, *(set(NAMES) - {"experiment"}), *BUDGETS)
    return table[["run"]].assign(contest=as_texts(table[[k for k in table if k not in own]]))
