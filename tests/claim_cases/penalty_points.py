"""Claims on where a gradient penalty looks."""

from claim_evidence import QUARTERS, Levels, Made

from claim_cases.builds import Cases
from wganbench.claims.judging.evidence import Evidence

RING = {"data__name": "noisy-law", "data__law": "8gaussians"}


def on_coupled_lines(levels: Levels) -> Evidence:
    """Levels are distances from slope 1 on a pair that counts; another one is unresolved."""
    made = Made()
    for law, floor in (("8gaussians", 0.1), ("swissroll", 0.9)):
        run = made.run("wgan-gp", "pair", **RING | {"data__law": law})
        made.end(run, w1=1.0, floor=floor, independent_cost=3.0)
        known(made, "optimal_coupled_slope", run, [1 - v if floor < 0.5 else 0.3 for v in levels])
    return made.evidence


def on_independent_lines(levels: Levels) -> Evidence:
    """Levels are the slope there over that on coupled lines, which the samples lower to .9."""
    made = Made()
    run = made.run("wgan-gp", "pair", **RING)
    known(made, "optimal_coupled_slope", run, [0.9] * len(levels))
    known(made, "optimal_independent_slope", run, [0.9 * v for v in levels])
    return made.evidence


def known(made: Made, measure: str, run: str, values: Levels) -> None:
    """Give each seed its value of a measure and nothing else."""
    for seed, value in enumerate(values):
        for iteration in QUARTERS:
            made.measure_at(measure, run, seed, iteration, value)


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
    "optimal_coupled_slope": (0.05, 0.45, on_coupled_lines),
    "optimal_independent_slope": (0.5, 0.9, on_independent_lines),
    "coupled_points_help": (0.1, 0.5, coupled),
    "uniform_points_degrade": (0.9, 0.15, uniform),
}  # fmt: skip
