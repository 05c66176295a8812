"""What must hold of a context's runs before a claim about them says anything.

A ratio of two methods of which one has not begun to train compares nothing, and a critic whose
gradient is lost in rounding has no estimate. A context that fails a gate is left out and named; a
claim without a context left is not testable here, neither reproduced nor not.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wganbench.claims.judging.evidence import Evidence
from wganbench.gather.selection import Where
from wganbench.records.claims import Direction

RESOLVED = 0.25  # floor over W1: up to here two samples are coupled as their laws are
WARM_UP = 0.25  # of the iterations: a critic first has to find the sign of its estimate


@dataclass(frozen=True, kw_only=True)
class Gate:
    """A question to runs, with the answer that a claim needs."""

    name: str
    asks: str
    """What is measured of a run: the median over its seeds."""
    values: Callable[[Evidence], pd.DataFrame]
    """`run`, `seed` and `value`; missing where a replica diverged."""
    direction: Direction
    bar: float
    reason: str
    where: Where
    """Which of a context's runs are asked."""


@dataclass(frozen=True)
class Reading:
    """A gate's answer for one context: the number of its worst run."""

    gate: Gate
    value: float | None
    """None where nobody measured it."""
    passed: bool


def read(gate: Gate, runs: Iterable[str], evidence: Evidence) -> Reading:
    """Return the answer of those runs that the gate asks; of none, it is passed."""
    asked = set(runs) & set(evidence.runs(gate.where)["run"])
    if not asked:
        return Reading(gate, None, passed=True)
    values = gate.values(evidence)
    worst = np.inf if gate.direction == "at most" else -np.inf
    typical = values.assign(value=values["value"].fillna(worst)).groupby("run")["value"].median()
    if not asked <= set(typical.index):
        return Reading(gate, None, passed=False)
    of_asked = typical[list(asked)]
    value = float(of_asked.max() if gate.direction == "at most" else of_asked.min())
    passed = value <= gate.bar if gate.direction == "at most" else value >= gate.bar
    return Reading(gate, value, bool(passed))


WHOLE = Gate(
    name="whole",
    asks="share of its experiment's runs that are done",
    values=lambda evidence: evidence.seeds.assign(value=_done(evidence)),
    direction="at least",
    bar=1.0,
    reason="a run that is missing may be the learning rate that turns a comparison, or the law on "
    "which a method fails",
    where={},
)


def _done(evidence: Evidence) -> "pd.Series[float]":
    experiments = evidence.settings.set_index("run")["experiment"]
    of_replicas = evidence.seeds["run"].map(experiments)
    return of_replicas.map(lambda name: evidence.unfinished.get(name, 1.0)).astype(float)


def gates_of(gates: Iterable[Gate], evidence: Evidence) -> tuple[Gate, ...]:
    """Return a claim's gates, and before them the one of experiments that lack runs, if any do."""
    return (*([WHOLE] if evidence.unfinished else []), *gates)


def trained_images(where: Where) -> Gate:
    """Return the gate of generators of images that have begun to work."""
    return Gate(
        name="trained",
        asks="FID at the end over that of real images of half of the classes",
        values=lambda evidence: evidence.over_reference({}),
        direction="at most",
        bar=1.0,
        reason="a generator farther from the data than real images without half of the classes has "
        "not learned them; what differs between two such is no method's merit",
        where={**where, "data.kind": "images"},
    )


def recognisable(where: Where) -> Gate:
    """Return the gate of generators whose images a classifier's labels say something about."""
    return Gate(
        name="recognisable",
        asks="FID at the end over that of noise, black or grey images, whichever is nearest",
        values=lambda evidence: evidence.over_reference({}, "noise", "black", "grey"),
        direction="at most",
        bar=1.0,
        reason="a generator as far from the data as images without content makes no class at all, "
        "and one label for all its images is no collapse; real images of one class are nearer",
        where={**where, "data.kind": "images"},
    )


def trained_laws(where: Where) -> Gate:
    """Return the gate of generators of laws in the plane that have begun to work."""
    return Gate(
        name="trained",
        asks="exact W1 at the end over its floor",
        values=lambda evidence: evidence.over_floor({}),
        direction="at most",
        bar=4.0,
        reason="with two of the ring's eight modes missing W1 is about 4 floors of 1,000 samples: "
        "2/8 of the mass moved by 1.08 to its neighbour, .27, over .07",
        where={**where, "data.kind": "law"},
    )


def alive(where: Where) -> Gate:
    """Return the gate of critics that still have a gradient."""
    return Gate(
        name="alive",
        asks="largest gradient norm of the critic at the end",
        values=lambda evidence: evidence.at_end({}, "gradient_norm_max"),
        direction="at least",
        bar=1e-3,
        reason="critics whose largest gradient norm lay between 1e-7 and 2e-4 had estimates of "
        "changing sign: what they say is rounding",
        where=where,
    )


def sign_stable(where: Where) -> Gate:
    """Return the gate of critics whose estimate keeps its sign."""
    return Gate(
        name="sign",
        asks="share of the evaluations after the first quarter in which the held-out estimate has "
        "its more frequent sign",
        values=_sign_kept,
        direction="at least",
        bar=0.9,
        reason="a distance has one sign; an estimate that changes it is about 0, and so are ranks "
        "and ratios of it; one evaluation in ten may be an accident",
        where=where,
    )


def enough_points(where: Where, points: int = 20) -> Gate:
    """Return the gate of histories with so many evaluations that their ranks say something."""
    return Gate(
        name="power",
        asks="evaluations after the critic's first 100 steps",
        values=_points,
        direction="at least",
        bar=points,
        reason="Spearman's correlation of unrelated histories has a standard deviation of .23 at "
        "20 independent points, .38 at 8; those of one training trend together, so this is the "
        "least",
        where=where,
    )


def resolved(where: Where) -> Gate:
    """Return the gate of pairs whose samples are coupled as their laws are."""
    return Gate(
        name="resolved",
        asks="floor over the exact W1 of the samples, at the end",
        values=lambda evidence: _quotient(evidence, "floor", "w1"),
        direction="at most",
        bar=RESOLVED,
        reason="what the plan between two samples couples by chance says nothing of the laws: the "
        "laws' optimal critic has a mean slope of .92 or more on coupled lines where the floor is "
        "up to .23 of W1, but .62 at .62 (funnels in 8 dimensions) and .20 at .91 (in 32)",
        where=where,
    )


def told_apart(where: Where) -> Gate:
    """Return the gate of pairs on which independent lines are not nearly coupled ones."""
    return Gate(
        name="power",
        asks="mean distance of independent pairs over the exact W1, at the end",
        values=lambda evidence: _quotient(evidence, "independent_cost", "w1"),
        direction="at least",
        bar=2.0,
        reason="on the line between laws far apart every plan is optimal; only where independent "
        "pairs lie twice as far apart as coupled ones is slope 1 on these no matter of course",
        where=where,
    )


def finds_distance(where: Where) -> Gate:
    """Return the gate of critics that have begun to find W1."""
    return Gate(
        name="trained",
        asks="held-out estimate over the exact W1 of the samples, at the end",
        values=lambda evidence: _quotient(evidence, "estimate_heldout", "w1"),
        direction="at least",
        bar=0.5,
        reason="any bound from above holds of a critic that has learned nothing; what reports less "
        "than half of W1 is no estimate of it yet",
        where=where,
    )


def _quotient(evidence: Evidence, column: str, over: str) -> pd.DataFrame:
    above, below = (evidence.at_end({}, name).drop(columns="floor") for name in (column, over))
    both = above.merge(below, on=["run", "seed"], suffixes=("", "_below"))
    return both.assign(value=both["value"] / both["value_below"])


def free_to_grow(where: Where) -> Gate:
    """Return the gate of clipped critics whose clip value alone does not decide."""
    return Gate(
        name="power",
        asks="width times clip value, the largest factor by which a layer can stretch a gradient",
        values=_largest_stretch,
        direction="at least",
        bar=1.0,
        reason="below 1 the gradient vanishes whatever the critic learns: the run can give one "
        "answer only",
        where=where,
    )


def _largest_stretch(evidence: Evidence) -> pd.DataFrame:
    settings = evidence.settings.set_index("run")
    absent = pd.Series(np.nan, settings.index)
    width, clip_value = (
        settings.get(key, absent).astype(float) for key in ("critic.width", "constraint.clip_value")
    )
    seeds = evidence.seeds[["run", "seed"]]
    return seeds.assign(value=seeds["run"].map(width * clip_value))


def fair(where: Where) -> Gate:
    """Return the gate of methods that each had several settings to choose from.

    Those that the papers chose, at scale paper, are compared as they are.
    """
    return Gate(
        name="fair",
        asks="number of settings that a run was chosen from",
        values=_tried,
        direction="at least",
        bar=3,
        reason="a factor of 10 between methods came and went with the learning rate of one, so the "
        "best of as many settings each is compared; three tell whether the middle one is best; at "
        "scale `paper` the papers' own settings are compared",
        where={**where, "scale": lambda scale: scale != "paper"},
    )


def _tried(evidence: Evidence) -> pd.DataFrame:
    counts = evidence.seeds["run"].map(evidence.tried)
    return evidence.seeds[["run", "seed"]].assign(value=counts.astype(float))


def finished(where: Where) -> Gate:
    """Return the gate of generators of mixtures that have stopped finding modes."""
    return Gate(
        name="finished",
        asks="share of the modes gained in the second half of the training",
        values=_gained,
        direction="at most",
        bar=0.1,
        reason="a generator that still finds more than one mode of ten has not collapsed, and has "
        "not shown what it ends at",
        where={**where, "data.kind": "law"},
    )


def _gained(evidence: Evidence) -> pd.DataFrame:
    end, half = (at.at_end({}, "modes_loose") for at in (evidence, evidence.until(0.5)))
    modes = evidence.at_end({}, "modes").groupby("run")["value"].mean()
    both = end.merge(half, on=["run", "seed"], suffixes=("", "_half"))
    of_run = both["run"].map(modes).astype(float)  # of no run at all, a map's are texts
    return both.assign(value=(both["value"] - both["value_half"]) / of_run)


def _sign_kept(evidence: Evidence) -> pd.DataFrame:
    history = evidence.history({}, "estimate_heldout")
    if history.empty:
        return pd.DataFrame({"run": [], "seed": [], "value": []}).astype({"run": str})
    last = history["run"].map(evidence.iterations)
    late = history[history["iteration"] > WARM_UP * last]
    positive = late.assign(value=late["estimate_heldout"] > 0).groupby(["run", "seed"])["value"]
    share = positive.mean().reset_index()
    return share.assign(value=share["value"].where(share["value"] > 0.5, 1 - share["value"]))


def _points(evidence: Evidence) -> pd.DataFrame:
    counted = evidence.trained_critics.groupby(["run", "seed"])["iteration"].nunique()
    return counted.reset_index().rename(columns={"iteration": "value"})
