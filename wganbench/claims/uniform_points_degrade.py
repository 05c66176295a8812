"""Why interpolates? With the dimension a penalty spread over a box loses hold of the critic."""

import pandas as pd

from wganbench.claims.judging.claim import CELL, Claim, no_cells
from wganbench.claims.judging.effects import known_pairs
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import alive
from wganbench.claims.judging.methods import INTERPOLATES, PENALTY_10, UNIFORM
from wganbench.claims.judging.pairs import paired, relative_error
from wganbench.claims.judging.thresholds import WITHIN
from wganbench.gather.selection import Where

FUNNELS: Where = {"data.name": "funnels"}
ALIKE = ("experiment", "data.", "critic.", "batch_size", "n_critic", "iterations")


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return how much more the error grows with the dimension in the box than on interpolates."""
    sides = ({**UNIFORM, **FUNNELS}, {**INTERPOLATES, **FUNNELS})
    errors = pd.concat([known_pairs(evidence, side, "estimate_heldout") for side in sides])
    errors = errors.assign(value=relative_error(errors["value"], errors["truth"]))
    both = paired(evidence, *sides, errors, ALIKE)
    if both.empty:
        return no_cells()
    settings = evidence.settings.set_index("run")
    both = both.assign(
        context=both["run_left"].map(settings["experiment"]),
        dim=both["run_left"].map(settings["data.dim"]).astype(float),
        more=both["left"] - both["right"],
    )
    known = both.dropna(subset=["more"]).sort_values("dim").groupby(["context", "seed"])
    ends = known.agg(
        low=("more", "first"), high=("more", "last"), dims=("dim", "nunique"),
        runs=("runs", "sum"), floor=("floor", "mean"),
    ).reset_index()  # fmt: skip
    # A seed that is lost in one dimension would be compared over others.
    whole = ends["dims"].gt(1) & ends["dims"].eq(ends["dims"].max())
    grown: pd.DataFrame = ends.assign(effect=ends["high"] - ends["low"])[whole]
    return grown[list(CELL)]


CLAIM = Claim(
    source="[GP] section 4, sampling distribution: everywhere is intractable",
    origin="this project",
    statement="Penalised anywhere in the box about the samples, in place of between them, a "
    "critic's raw estimate of W1 gets worse as the dimension grows.",
    statistic="relative error of the held-out raw estimate on funnels with the two-sided penalty "
    "at uniform points less that with it on interpolates, in the highest dimension less the same "
    "in the lowest, same net and seed, at the end, against the true W1",
    effects=effects,
    direction="at least",
    threshold=WITHIN,
    reason="an error that is larger by a tenth of W1, the project's bar for calling an estimate a "
    "distance; what the dimension does to the critic itself is in both",
    model="Why interpolates?",
    published="intractable, in words",
    gates=(alive(PENALTY_10),),
)
