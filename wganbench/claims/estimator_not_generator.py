"""Mallasto et al., Stanczuk et al., [KSB]: estimating W1 well does not make a good generator."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from wganbench.claims.judging.claim import CELL, Claim, no_cells
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import LAWS, WASSERSTEIN
from wganbench.claims.judging.pairs import capped_error
from wganbench.claims.judging.thresholds import RANKED, RANKED_REASON
from wganbench.gather.statistics import rank_correlation

METHODS = 4  # to rank at least


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the rank correlation, over methods, of estimation error and final distance."""
    history = evidence.history({**LAWS, **WASSERSTEIN}, "w1", "floor")
    if history.empty or "normalised" not in history:
        return no_cells()
    history = history.assign(error=capped_error(history["normalised"], history["w1"]))
    replicas = history.groupby(["run", "seed"]).agg(
        error=("error", "mean"), w1=("w1", "last"), floor=("floor", "last")
    )
    laws = evidence.settings[["run", "experiment", "data.name"]]
    rows = list(_rows(replicas.reset_index().merge(laws, on="run")))
    return pd.DataFrame(rows, columns=list(CELL)) if rows else no_cells()


def _rows(replicas: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for (experiment, law, seed), rows in replicas.groupby(["experiment", "data.name", "seed"]):
        found = rank_correlation(rows["error"], rows["w1"])
        if len(rows) >= METHODS and found is not None:
            yield {
                "context": f"{experiment}: {law}",
                "seed": seed,
                "effect": found,
                "runs": tuple(rows["run"]),
                "floor": rows["floor"].mean(),
            }


CLAIM = Claim(
    source="Mallasto et al. 2019; Stanczuk et al. 2021; [KSB] section 5",
    statement="A critic that estimates W1 better does not give a better generator.",
    statistic="Spearman's correlation, over Wasserstein methods on one law and seed, of the mean "
    "relative error of the normalised estimate along training and the exact W1 at the end",
    effects=effects,
    direction="at most",
    threshold=RANKED,
    reason=f"if better estimates gave better generators the two would go together; {RANKED_REASON}",
)
