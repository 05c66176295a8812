"""Without a critic: does the true W1 of minibatches train as well as a clipped critic?"""

import numpy as np
import pandas as pd

from wganbench.claims.judging.batches import EXACT_OT
from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import Gate, fair, trained_laws
from wganbench.claims.judging.methods import LAWS, WGAN
from wganbench.claims.judging.pairs import paired, ratios
from wganbench.claims.judging.thresholds import DIRECTION, DIRECTION_REASON
from wganbench.gather.selection import Where

CLIPPED: Where = {**WGAN, **LAWS}
TASK = ("experiment", "data.", "generator.", "batch_size", "train_samples")
AS_LONG = 2**0.5


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the clipped WGAN's W1 over that of the generator trained on minibatches' W1."""
    ends = evidence.at_end({}, "w1")
    return ratios(paired(evidence, CLIPPED, EXACT_OT, ends, TASK))


def _nearest(evidence: Evidence) -> pd.DataFrame:
    """Give each run the floors of the nearest one of the two methods on its law and batch."""
    over = evidence.over_floor({}).fillna({"value": np.inf})
    sides = {run for side in (CLIPPED, EXACT_OT) for run in evidence.runs(side)["run"]}
    typical = over[over["run"].isin(sides)].groupby("run")["value"].median().rename("least")
    keys = ["experiment", "data.name", "batch_size"]
    known = evidence.settings[["run", *keys]].merge(typical, on="run")
    known["least"] = known.groupby(keys)["least"].transform("min")
    return (
        over.drop(columns="value").merge(known[["run", "least"]]).rename(columns={"least": "value"})
    )


def _apart(evidence: Evidence) -> pd.DataFrame:
    """Return the factor between a run's seconds and the median of its experiment's runs."""
    spent = evidence.measure("training_seconds", {})
    experiments = evidence.settings.set_index("run")["experiment"]
    middle = spent.groupby(spent["run"].map(experiments))["value"].transform("median")
    return spent.assign(value=np.exp(np.abs(np.log(spent["value"] / middle))))


CLAIM = Claim(
    source="[Cramer] theorem 1, and what discussions of [WGAN] concluded from it; by recall",
    origin="this project",
    model="Without a critic",
    statement="Trained on the true W1 of minibatches, without any critic, a generator comes at "
    "least as near to a law as WGAN with clipping in the same time.",
    statistic="exact W1 of the clipped WGAN over that of the generator that is trained on "
    "minibatches' exact W1, same law, generator, batch size and seed, about as many seconds, at "
    "the end",
    effects=effects,
    direction="at least",
    threshold=DIRECTION,
    reason=DIRECTION_REASON,
    published="no number; the discussions say that it would not",
    ratio=True,
    gates=(
        fair(LAWS),
        Gate(
            name="trained",
            asks="exact W1 at the end over its floor, of the nearer one of the two methods",
            values=_nearest,
            direction="at most",
            bar=trained_laws({}).bar,
            reason="where neither has begun to train nothing is compared; where one has and the "
            "other has not, that is the answer",
            where=LAWS,
        ),
        Gate(
            name="as long",
            asks="factor between a run's training seconds and the median of its experiment's runs",
            values=_apart,
            direction="at most",
            bar=AS_LONG,
            reason="two runs within the square root of 2 of the middle differ by less than 2, and "
            "at half the budget every verdict must be the same",
            where=LAWS,
        ),
    ),
)
