"""Mallasto et al., Stanczuk et al., [KSB]: estimating W1 well does not make a good generator."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from wganbench.claims.judging.claim import CELL, Claim, no_cells
from wganbench.claims.judging.effects import known_pairs
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import LAWS, WASSERSTEIN
from wganbench.claims.judging.pairs import relative_error
from wganbench.claims.judging.thresholds import RANKED, RANKED_REASON
from wganbench.gather.selection import Where, as_texts
from wganbench.gather.statistics import rank_correlation

METHODS = 6  # to rank at least: of 5, correlations of .5 come by chance in one case of five
NOISY: Where = {**WASSERSTEIN, "data.name": "noisy-law"}
ON_LAWS: Where = {**WASSERSTEIN, **LAWS}


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the rank correlation, over methods, of estimation error and final distance.

    The error is that of critics trained alone on the law and its noisy copy: along one training
    error and distance have the samples in common, and are ranked alike for that reason.
    """
    methods = _methods(evidence)
    pairs = known_pairs(evidence, NOISY, "normalised").merge(methods, on="run")
    ends = evidence.at_end(ON_LAWS, "w1").merge(methods, on="run")
    if pairs.empty or ends.empty:
        return no_cells()
    pairs = pairs.assign(error=relative_error(pairs["value"], pairs["truth"]))
    errors = pairs.groupby(["law", "key"]).agg(error=("error", "median")).reset_index()
    rows = list(_rows(ends.merge(errors, on=["law", "key"])))
    return pd.DataFrame(rows, columns=list(CELL)) if rows else no_cells()


def _methods(evidence: Evidence) -> pd.DataFrame:
    """Return `run`, its `law`, and as `key` how its critic is constrained."""
    settings = evidence.settings
    names = [name for name in map(str, settings) if name.startswith("constraint.")]
    absent = pd.Series(None, settings.index, dtype=object)
    law = settings.get("data.law", absent).fillna(settings["data.name"])
    return settings[["run"]].assign(law=law, key=as_texts(settings[names]))


def _rows(replicas: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for (law, seed), rows in replicas.groupby(["law", "seed"]):
        found = rank_correlation(rows["error"], rows["value"])
        if rows["key"].nunique() >= METHODS and found is not None:
            yield {
                "context": str(law),
                "seed": seed,
                "effect": found,
                "runs": tuple(rows["run"]),
                "floor": rows["floor"].mean(),
            }


CLAIM = Claim(
    source="Mallasto et al. 2019; Stanczuk et al. 2021; [KSB] section 5",
    origin="other papers",
    statement="A critic that estimates W1 better does not give a better generator.",
    statistic="Spearman's correlation, over six or more Wasserstein methods on one law and seed, "
    "of the relative error of the normalised estimate of critics trained alone there and the exact "
    "W1 of the generator at the end",
    effects=effects,
    direction="at most",
    threshold=RANKED,
    reason=f"if better estimates gave better generators the two would go together; {RANKED_REASON}",
)
