"""Effects that several claims share: each function returns a `Claim.effects`."""

from collections.abc import Callable, Sequence

import pandas as pd

from wganbench.claims.judging.claim import no_cells
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.histories import along_evaluations
from wganbench.claims.judging.pairs import ARCHITECTURE, capped_error, cells, paired, ratios
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
    """Take Spearman's correlation of two columns over a replica's evaluations.

    0 where one of them does not vary.
    """

    def ranks(history: pd.DataFrame) -> float:
        return rank_correlation(history[estimate], history[quality]) or 0.0

    def effects(evidence: Evidence) -> pd.DataFrame:
        table = along_evaluations(evidence, where, (estimate, quality), ranks)
        return cells(table, table["value"])

    return effects


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
    """Take the relative error of critics alone whose estimate is over the largest gradient norm.

    A critic that is flat or diverged has no such estimate and is 100% wrong.
    """

    def effects(evidence: Evidence) -> pd.DataFrame:
        ends = evidence.among(evidence.ends, {**PLAIN, **where})
        if ends.empty or not {"normalised", "w1", "floor"} <= set(ends):
            return no_cells()
        truth = ends["w1_true"].fillna(ends["w1"])
        known = ends.assign(truth=truth)[["run", "seed", "normalised", "truth", "floor"]]
        replicas = evidence.among(evidence.seeds, {**PLAIN, **where})[["run", "seed"]]
        table = replicas.merge(known, on=["run", "seed"], how="left")
        for column in ("truth", "floor"):
            of_pair = table.groupby("run")[column].transform("mean")
            table[column] = table[column].fillna(of_pair)
        table = table[table["truth"] > ABOVE_FLOOR * table["floor"]]
        return cells(table, capped_error(table["normalised"], table["truth"]))

    return effects
