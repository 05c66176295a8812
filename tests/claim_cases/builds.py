"""What many claims build their evidence by."""

from collections.abc import Callable
from typing import Any

from claim_evidence import Levels, Made

from wganbench.claims.judging.evidence import Evidence

Build = Callable[[Levels], Evidence]
Cases = dict[str, tuple[float, float, Build]]
STEPS = 20  # evaluations along training
DCGAN: dict[str, Any] = {"generator__norm": "none", "generator__constant_filters": True}
MLP: dict[str, Any] = {"generator__name": "mlp", "generator__width": 16}
FLOOR = {"fid_floor": 2.0}


def compared(column: str, left: dict[str, Any], right: dict[str, Any], **also: float) -> Build:
    """Return a build in which the left run's column is a level times the right one's."""

    def build(levels: Levels) -> Evidence:
        made = Made()
        for settings, values in ((left, [3.0 * v for v in levels]), (right, 3.0)):
            made.end(made.run(**settings), **{column: values}, **also)
        return made.evidence

    return build


def images(method: str, **changes: Any) -> dict[str, Any]:
    """Return a run on images; an MLP for a net has none of a DCGAN's settings."""
    return {"method": method, "base": "images", **changes}


def measured(name: str, **settings: Any) -> Build:
    """Return a build in which each seed of one run has its level as a measure's value."""

    def build(levels: Levels) -> Evidence:
        made = Made()
        made.measure(name, made.run(base="pair", **settings), levels)
        return made.evidence

    return build


def against_rival(quality: str, base: str, **settings: Any) -> Build:
    """Return a build in which levels are the rival's correlation, and the critic's is 1."""

    def build(levels: Levels) -> Evidence:
        made = Made()
        falling = [1.0 / (k + 1) for k in range(STEPS)]
        for method, column in (("wgan", "estimate_heldout"), ("gan", "divergence_heldout")):
            run = made.run(method, base, **settings)
            for seed, level in enumerate(levels):
                size = level if method == "gan" else 1.0
                values = {quality: falling, "floor": [0.5] * STEPS}
                made.history(run, seed, **{column: [size * v for v in falling]}, **values)
        return made.evidence

    return build


def ranked(estimate: str, quality: str, **settings: Any) -> Build:
    """Return a build in which 1 and -1 are perfect correlations along training."""

    def build(levels: Levels) -> Evidence:
        made = Made()
        run = made.run(**settings)
        falling = [1.0 / (k + 1) for k in range(STEPS)]
        for seed, level in enumerate(levels):
            values = [level * v for v in falling]
            made.history(run, seed, **{estimate: values, quality: falling, "floor": [0.5] * STEPS})
        return made.evidence

    return build
