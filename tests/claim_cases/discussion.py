"""Claims that answer what a discussion of [WGAN] asks."""

from claim_evidence import Levels, Made

from claim_cases.builds import Cases
from wganbench.claims.judging.evidence import Evidence

EARLY, LATE = (100,), (1000, 1500, 2000)  # while a critic learns that is frozen at 500, and after
FLOOR = 1.0


def frozen(levels: Levels) -> Evidence:
    """Return a generator as wide as the data at first, and as wide as its level later."""
    made = Made()
    run = made.run("gan", "images", algorithm="frozen-critic", critic_iterations=500)
    for seed, level in enumerate(levels):
        for iterations, extent in ((EARLY, 0.9), (LATE, level)):
            for iteration in iterations:
                made.measure_at("extent", run, seed, iteration, extent)
    made.end(run)
    return made.evidence


def ensemble(levels: Levels) -> Evidence:
    """Return members whose W1 is a level times the ensemble's."""
    made = Made()
    both = made.run("wgan-gp", critic__name="ensemble-mlp", critic__width=16)
    made.end(both, w1=2.0, floor=FLOOR)
    for width in (1, 4, 16):
        alone = made.run("wgan-gp", critic__width=width)
        made.end(alone, w1=[2.0 * level for level in levels], floor=FLOOR)
    return made.evidence


CASES: Cases = {
    "frozen_critic_collapse": (0.02, 0.5, frozen),
    "critic_ensemble": (1.5, 0.8, ensemble),
}
