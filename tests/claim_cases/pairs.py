"""Claims on two given laws, between which a critic is trained alone."""

from collections.abc import Callable
from math import log
from typing import Any

import numpy as np
from claim_evidence import Levels, Made

from claim_cases.builds import Build, Cases, measured
from wganbench.claims.judging.evidence import Evidence


def slopes(levels: Levels) -> Evidence:
    """Levels are the critic's slope over the discriminator's."""
    made = Made()
    made.measure("slope_left", made.run("wgan", "pair"), [0.001 * v for v in levels])
    gan = made.run("gan", "pair", objective__name="minimax")
    made.measure("slope_left", gan, [0.001] * len(levels))
    return made.evidence


def lines(method: str, column: str, truth: Callable[[float], float], scale: float) -> Build:
    """Return a build in which levels are errors on parallel lines, relative to a scale."""

    def build(levels: Levels) -> Evidence:
        made = Made()
        for theta in (-1.0, 0.0, 0.5, 1.0):
            run = made.run(method, "pair", data__name="parallel-lines", data__theta=theta)
            made.end(run, **{column: [truth(theta) + scale * v for v in levels]}, floor=0.01)
        return made.evidence

    return build


def coupled(levels: Levels) -> Evidence:
    """Levels are distances from slope 1 on a pair that counts; another one is unresolved."""
    made = Made()
    for law, floor in (("8gaussians", 0.1), ("swissroll", 0.9)):
        run = made.run("wgan-gp", "pair", data__name="noisy-law", data__law=law)
        errors = levels if floor < 0.5 else [1.0] * len(levels)
        made.end(run, coupled_slope_error=errors, w1=1.0, floor=floor, independent_cost=3.0)
    return made.evidence


def ordered(levels: Levels) -> Evidence:
    """Levels are what W1's estimates are multiplied by, beside a JS of log 2 or, at 0, none."""
    made = Made()
    for theta in (-0.5, 0.0, 0.1, 1.0):
        data = {"data__name": "parallel-lines", "data__theta": theta}
        critic, rival = (made.run(method, "pair", **data) for method in ("wgan-gp", "gan"))
        w1 = abs(theta) + 0.01
        estimates = [w1 * v for v in levels]
        made.end(critic, estimate_heldout=estimates, w1=w1, farthest=np.hypot(1, theta))
        made.end(rival, divergence_heldout=log(2) * (theta != 0), w1=w1)
    return made.evidence


def times_to_limit(levels: Levels) -> Evidence:
    """Levels are the iterations of the large clip value over those of the paper's."""
    made = Made()
    for clip in (0.01, 1.0):
        run = made.run("wgan", "pair", constraint__clip_value=clip, iterations=1000)
        for seed, level in enumerate(levels):
            reached = 50 * (level if clip > 0.01 else 1)
            for k in range(0, 1001, 10):
                made.measure_at("weights_at_ends", run, seed, k, 0.9 if k >= reached else 0.1)
    return made.evidence


def potentials(levels: Levels) -> Evidence:
    made = Made()
    law = {"base": "pair", "data__name": "noisy-law", "data__law": "swissroll"}
    made.measure("potential_explained", made.run("wgan", **law), [1 - 0.1 * v for v in levels])
    gp = made.run("wgan-gp", constraint__penalty_weight=0.1, **law)
    made.measure("potential_explained", gp, [0.9] * len(levels))
    return made.evidence


def batch_norm_penalised(levels: Levels) -> Evidence:
    made = Made()
    for norm, values in (("batch", levels), ("none", [1.0] * len(levels))):
        run = made.run("wgan-gp", "pair", critic__norm=norm)
        made.end(run, estimate_heldout=[6 * (1 + 0.05 * v) for v in values], w1=6.0, floor=0.1)
    return made.evidence


def sides(levels: Levels) -> Evidence:
    made = Made()
    for method, values in (("wgan-gp", levels), ("wgan-lp", [1.0] * len(levels))):
        run = made.run(method, "pair")
        estimates = [6 * (1 + 0.05 * v) for v in values]
        made.end(run, estimate_heldout=estimates, w1=6.0, w1_true=6.0, floor=0.1)
    return made.evidence


def normalised(method: str) -> Build:
    def build(levels: Levels) -> Evidence:
        made = Made()
        for known in (6.0, float("nan")):
            data = {"data__name": "noisy-law", "data__law": "swissroll"} if known != known else {}
            run = made.run(method, "pair", **data)
            values = [6.0 * (1 - v) for v in levels]
            made.end(run, normalised=values, w1=6.0, w1_true=known, floor=0.1)
        return made.evidence

    return build


def methods_ranked(levels: Levels) -> Evidence:
    """1: the better estimator has the better generator; -1: the worse one."""
    made = Made()
    clips = [("wgan", {"constraint__clip_value": c}) for c in (0.01, 0.02, 0.05, 0.1)]
    penalties = [("wgan-gp", {"constraint__penalty_weight": w}) for w in (0.1, 10.0)]
    for k, (method, changes) in enumerate([*clips, *penalties]):
        pair = made.run(method, "pair", data__name="noisy-law", data__law="8gaussians", **changes)
        made.end(pair, normalised=1 - 0.1 * k, w1=1.0, w1_true=float("nan"), floor=0.1)
        run = made.run(method, **changes)
        made.end(run, w1=[1 + 0.1 * level * k for level in levels], floor=0.05)
    return made.evidence


def batch_norm_unclipped(levels: Levels) -> Evidence:
    made = Made()
    for clipped, values in ((False, [-0.2 * v for v in levels]), (True, 0.2)):
        run = made.run("wgan", "pair", critic__norm="batch", constraint__norm_parameters=clipped)
        made.end(run, estimate_heldout=values)
    return made.evidence


DEEP: dict[str, Any] = {"data__name": "noisy-law", "data__law": "swissroll", "critic__depth": 12}


CASES: Cases = {
    "parallel_lines_distance": (0.02, 0.18, lines("wgan-gp", "estimate_heldout", abs, 1.0)),
    "parallel_lines_divergences": (
        -0.02,
        -0.18,
        lines("gan", "divergence_heldout", lambda t: log(2) * (t != 0), log(2)),
    ),
    "divergences_ordered": (1, 3, ordered),
    "critic_gradient_clean": (100, 1, slopes),
    "discriminator_saturates": (
        1e-6, 0.02, measured("slope_left", method="gan", objective__name="minimax"),
    ),
    "large_clip_slow": (4, 1, times_to_limit),
    "small_clip_vanishing": (
        -3, -1, measured("gradient_growth", method="wgan", constraint__clip_value=0.03, **DEEP),
    ),
    "penalty_keeps_gradients": (-1, 3, measured("gradient_growth", method="wgan-gp", **DEEP)),
    "weights_at_ends": (0.9, 0.1, measured("weights_at_ends", method="wgan")),
    "coupled_slope": (0.05, 0.45, coupled),
    "higher_moments": (4, 1, potentials),
    "large_clip_exploding": (
        3, 0, measured("gradient_growth", method="wgan", constraint__clip_value=0.1, **DEEP),
    ),
    "batch_norm_spoils_penalty": (4, 1, batch_norm_penalised),
    "two_sided_no_worse": (1, 4, sides),
    "normalised_clip": (0.02, 0.18, normalised("wgan")),
    "normalised_penalty": (0.02, 0.18, normalised("wgan-gp")),
    "estimator_not_generator": (-1, 1, methods_ranked),
    "norm_parameters_clipped": (4, 1, batch_norm_unclipped),
}  # fmt: skip
