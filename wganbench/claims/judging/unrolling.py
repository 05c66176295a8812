"""Generators that see K of their critic's next steps ([UGAN]), by the modes that they cover."""

import pandas as pd

from wganbench.claims.judging.claim import no_cells
from wganbench.claims.judging.effects import Effects
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import Gate
from wganbench.claims.judging.pairs import EVERYTHING, differences, paired
from wganbench.gather.selection import Where

# [UGAN] section 3.1: ReLU, a critic of one hidden layer, plain gradient steps ahead.
RING: Where = {
    "algorithm": "unrolled",
    "data.name": "ring",
    "data.spacing": "even",
    "critic.activation": "relu",
    "unrolled_update": "sgd",
}
# The authors' demo: tanh, steps ahead that are Adam's, a ring of which two Gaussians coincide.
DEMO: Where = {
    "algorithm": "unrolled",
    "data.name": "ring",
    "data.spacing": "closed",
    "critic.activation": "tanh",
    "unrolled_update": "own",
}
STEPS = 5  # the demo's K; the paper draws K = 10
AHEAD: Where = {"unrolled_steps": STEPS, "second_term": True}
WITHOUT: Where = {"unrolled_steps": 0, "second_term": True}


def more_modes(left: Where, right: Where, apart: str) -> Effects:
    """Take the modes covered at the end less those of the replica of the same seed on the right.

    Args:
        left: settings of the runs whose modes count.
        right: settings of those that are subtracted, alike in all but one key.
        apart: this key.
    """

    def effects(evidence: Evidence) -> pd.DataFrame:
        covered = evidence.at_end({}, "modes_loose").fillna({"value": 0.0})  # diverged: none
        if covered.empty:
            return no_cells()
        return differences(paired(evidence, left, right, covered, EVERYTHING, [apart, "variant"]))

    return effects


def found(where: Where) -> Gate:
    """Return the gate of generators that came to the data at all."""
    return Gate(
        name="begun",
        asks="most modes covered at any evaluation",
        values=_most_modes,
        direction="at least",
        bar=1.0,
        reason="a generator that hops covers one mode at a time; one that never covered any has "
        "not come to the data, and collapsed onto nothing",
        where=where,
    )


def _most_modes(evidence: Evidence) -> pd.DataFrame:
    table = evidence.evaluations
    if "modes_loose" not in table:
        return pd.DataFrame({"run": [], "seed": [], "value": []}).astype({"run": str})
    most = table.groupby(["run", "seed"])["modes_loose"].max().rename("value").reset_index()
    return evidence.seeds[["run", "seed"]].merge(most, how="left", on=["run", "seed"])
