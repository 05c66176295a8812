"""Critics trained alone on fixed pairs of laws, held against W1."""

import pandas as pd

from wganbench.claims.judging.claim import no_cells
from wganbench.claims.judging.evidence import Evidence, Where
from wganbench.claims.judging.pairs import capped_error, cells

# Critics that are a function of one sample, of a usual size, with all the data and the method's own
# optimiser: the studies that turn these knobs ask another question.
PLAIN: Where = {
    "data.kind": "pair",
    "critic.norm": "none",
    "critic.depth": lambda depth: depth >= 2,
    "critic.width": lambda width: width >= 64,
    "train_samples": 0,
    "variant": "",
}
ABOVE_FLOOR = 2.0  # times the floor: a nearer pair's relative error is that of its samples


def errors_of_normalised(evidence: Evidence, where: Where) -> pd.DataFrame:
    """Return the relative error of the estimate over the largest gradient norm.

    A critic that is flat or diverged has no such estimate and is 100% wrong.
    """
    ids = evidence.runs({**PLAIN, **where})["run"]
    facts = evidence.ends[evidence.ends["run"].isin(ids)]
    if facts.empty or not {"normalised", "w1", "floor"} <= set(facts):
        return no_cells()
    replicas = evidence.seeds[evidence.seeds["run"].isin(ids)][["run", "seed"]]
    truth = facts["w1"].where(facts["w1_true"].isna(), facts["w1_true"])
    facts = facts.assign(truth=truth)[["run", "seed", "normalised", "truth", "floor"]]
    table = replicas.merge(facts, on=["run", "seed"], how="left")
    of_pair = table.groupby("run")
    for column in ("truth", "floor"):
        table[column] = table[column].fillna(of_pair[column].transform("mean"))
    table = table[table["truth"] > ABOVE_FLOOR * table["floor"]]
    return cells(table, capped_error(table["normalised"], table["truth"]))
