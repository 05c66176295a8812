"""Claims on where a gradient penalty looks."""

from claim_evidence import Levels, Made

from claim_cases.builds import Build, Cases
from wganbench.claims.judging.evidence import Evidence

RING = {"data__name": "noisy-law", "data__law": "8gaussians"}


def optimal(measure: str, scale: float = 1.0, above: float = 0.0) -> Build:
    """Return a build in which levels are slopes on a pair that counts; another is unresolved."""

    def build(levels: Levels) -> Evidence:
        made = Made()
        for law, floor in (("8gaussians", 0.1), ("swissroll", 0.9)):
            run = made.run("wgan-gp", "pair", **RING | {"data__law": law})
            values = [above + scale * v for v in levels]
            made.measure(measure, run, values if floor < 0.5 else [above] * len(levels))
            made.end(run, w1=1.0, floor=floor)
        return made.evidence

    return build


def coupled(levels: Levels) -> Evidence:
    """Levels are shares of W1 by which the estimate falls short at coupled points; .3 at others."""
    made = Made()
    for data in (RING, {"data__name": "funnels", "data__dim": 8}):
        shared = {"w1": 1.0, "floor": 0.1, "w1_true": 1.0 if data is not RING else float("nan")}
        made.end(made.run("wgan-gp", "pair", **data), estimate_heldout=0.7, **shared)
        run = made.run("wgan-gp", "pair", constraint__name="coupled-penalty", **data)
        made.end(run, estimate_heldout=[1 - v for v in levels], **shared)
    return made.evidence


def uniform(levels: Levels) -> Evidence:
    """Levels are errors in the box in 32 dimensions; all others are .1."""
    made = Made()
    for dim in (2, 8, 32):
        data = {"data__name": "funnels", "data__dim": dim}
        shared = {"w1": 1.0, "floor": 0.1, "w1_true": 1.0}
        made.end(made.run("wgan-gp", "pair", **data), estimate_heldout=0.9, **shared)
        run = made.run("wgan-gp", "pair", constraint__name="uniform-penalty", **data)
        values = [1 + v if dim == 32 else 0.9 for v in levels]
        made.end(run, estimate_heldout=values, **shared)
    return made.evidence


CASES: Cases = {
    "optimal_coupled_slope": (0.05, 0.45, optimal("optimal_coupled_slope", -1.0, 1.0)),
    "optimal_independent_slope": (0.5, 0.9, optimal("optimal_independent_slope")),
    "coupled_points_help": (0.1, 0.5, coupled),
    "uniform_points_degrade": (0.9, 0.15, uniform),
}  # fmt: skip
