"""Effects that several claims share: each function returns a `Claim.effects`."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from wganbench.claims.judging.claim import CELL, no_cells
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.histories import along_evaluations
from wganbench.claims.judging.pairs import (
    ARCHITECTURE,
    cells,
    differences,
    lost_is_infinite,
    paired,
    ratios,
    relative_error,
)
from wganbench.gather.selection import Where
from wganbench.gather.statistics import rank_correlation

Effects = Callable[[Evidence], pd.DataFrame]

# Critics that are a function of one sample, of a usual size, with all the data and the method's own
# optimiser: ablations of these ask another question.
PLAIN: Where = {
    "data.kind": "pair",
    "critic.norm": "none",
    "critic.depth": lambda depth: depth >= 2,
    "critic.width": lambda width: width >= 64,
    "train_samples": 0,
    "variant": "",
}
ABOVE_FLOOR = 2.0  # times the floor: a nearer pair's relative error is that of its samples


def value_of(measure: str, where: Where) -> Effects:
    """Take a measure's value itself."""

    def effects(evidence: Evidence) -> pd.DataFrame:
        table = evidence.measure(measure, where)
        return cells(table, table["value"])

    return effects


def correlation(estimate: str, quality: str, where: Where) -> Effects:
    """Take Spearman's correlation of two columns over a replica's evaluations."""

    def effects(evidence: Evidence) -> pd.DataFrame:
        table = _ranked(evidence, estimate, quality, where)
        return cells(table, table["value"])

    return effects


def contrast(
    quality: str, left: tuple[str, Where], right: tuple[str, Where], alike: Sequence[str]
) -> Effects:
    """Take one method's correlation of its estimate with quality, less that of its pair.

    Args:
        quality: a column of the evaluations.
        left: the estimate's column and the runs whose correlation counts.
        right: those whose correlation is subtracted.
        alike: as for `pairs.paired`.
    """

    def effects(evidence: Evidence) -> pd.DataFrame:
        both = pd.concat([_ranked(evidence, side[0], quality, side[1]) for side in (left, right)])
        return differences(paired(evidence, left[1], right[1], both, alike))

    return effects


def _ranked(evidence: Evidence, estimate: str, quality: str, where: Where) -> pd.DataFrame:
    """Return `run`, `seed`, `floor` and the correlation; 0 where one side does not vary."""

    def ranks(history: pd.DataFrame) -> float:
        return rank_correlation(history[estimate], history[quality]) or 0.0

    return along_evaluations(evidence, where, (estimate, quality), ranks)


def ratio_at_end(
    column: str,
    above: Where,
    below: Where,
    alike: Sequence[str] = ARCHITECTURE,
    apart: Sequence[str] = (),
) -> Effects:
    """Take a column's value at the end over that of the replica of the same seed below.

    Args:
        column: of the evaluations; its size counts.
        above: settings of the runs whose value is divided.
        below: settings of those that it is divided by.
        alike: as for `pairs.paired`.
        apart: likewise.
    """

    def effects(evidence: Evidence) -> pd.DataFrame:
        ends = evidence.at_end({}, column)
        sizes = ends.assign(value=ends["value"].abs())
        return ratios(paired(evidence, above, below, sizes, alike, apart))

    return effects


def normalised_error(where: Where) -> Effects:
    """Take the relative error of critics alone whose estimate is over the largest gradient norm."""

    def effects(evidence: Evidence) -> pd.DataFrame:
        table = known_pairs(evidence, where, "normalised")
        return cells(table, relative_error(table["value"], table["truth"]))

    return effects


def known_pairs(evidence: Evidence, where: Where, column: str) -> pd.DataFrame:
    """Return `run`, `seed`, `value`, `truth` and `floor` of critics alone, at the end.

    The truth is the true W1, or the exact one of the samples where that is unknown. The value is
    missing where a replica diverged or says nothing. Where the truth is unknown, pairs near their
    floor are left out.
    """
    ends = evidence.among(evidence.ends, {**PLAIN, **where})
    if ends.empty or not {column, "w1", "floor"} <= set(ends):
        return pd.DataFrame(columns=["run", "seed", "value", "truth", "floor"], dtype=float)
    given = ends["w1_true"] if "w1_true" in ends else pd.Series(np.nan, ends.index)
    known = ends.assign(truth=given.fillna(ends["w1"]), value=ends[column])
    known = known[["run", "seed", "value", "truth", "floor"]]
    replicas = evidence.among(evidence.seeds, {**PLAIN, **where})[["run", "seed"]]
    table = replicas.merge(known, on=["run", "seed"], how="left")
    has_truth = set(ends.loc[given.notna(), "run"])
    table["is_known"] = table["run"].isin(has_truth)
    for name in ("truth", "floor"):
        of_pair = table.groupby("run")[name].transform("mean")
        table[name] = table[name].fillna(of_pair)
    far = table["truth"] > ABOVE_FLOOR * table["floor"]
    return table[far | table["is_known"]]


def fails_beside(loser: Where, winner: Where) -> Effects:
    """Take the FID over the reference of runs that have a winner with the same nets beside them."""

    def effects(evidence: Evidence) -> pd.DataFrame:
        share = evidence.over_reference({})
        pairs = paired(evidence, loser, winner, share)
        if pairs.empty:
            return no_cells()
        return pairs.assign(effect=lost_is_infinite(pairs["left"]))[list(CELL)]

    return effects
