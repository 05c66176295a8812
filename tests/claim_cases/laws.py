"""Claims on laws in the plane."""

import numpy as np
from claim_evidence import Levels, Made

from claim_cases.builds import STEPS, Cases, against_rival, ranked
from wganbench.claims.judging.evidence import Evidence


def modes(levels: Levels) -> Evidence:
    made = Made()
    for law, count in (("8gaussians", 8), ("25gaussians", 25)):
        run = made.run("wgan", data__name=law)
        made.end(run, w1=1.0, modes=count, modes_loose=[count * v for v in levels])
    return made.evidence


def lipschitz_factor(levels: Levels) -> Evidence:
    made = Made()
    run = made.run("wgan")
    w1 = np.linspace(2, 1, STEPS)
    swing = (-1.0) ** np.arange(STEPS)
    for seed, level in enumerate(levels):
        estimate = (w1 - 0.1) * (1 + level * swing)
        made.history(run, seed, w1=w1, estimate_heldout=estimate, floor=[0.1] * STEPS)
    return made.evidence


def contest(levels: Levels) -> Evidence:
    """Levels are the lead of WGAN-GP in floors on the third law; it is ahead on the others."""
    made, floor = Made(), 0.1
    for law in ("8gaussians", "25gaussians", "swissroll"):
        ahead = [1.5] * len(levels) if law != "swissroll" else levels
        of_methods = {"gan": [2.0] * len(levels), "wgan": [3.0] * len(levels),
                      "wgan-gp": [2.0 - lead for lead in ahead]}  # fmt: skip
        for method, floors in of_methods.items():
            run = made.run(method, data__name=law)
            made.end(run, w1=[floor * x for x in floors], floor=floor)
    return made.evidence


CASES: Cases = {
    "estimate_tracks_laws": (1, -1, ranked("estimate_heldout", "w1", method="wgan")),
    "js_blind_to_laws": (-1, 1, against_rival("w1", "toy")),
    "penalty_loss_laws": (1, -1, ranked("estimate_heldout", "w1", method="wgan-gp")),
    "no_mode_collapse": (1, 0.8, modes),
    "stable_lipschitz_factor": (0.02, 0.18, lipschitz_factor),
    "no_default": (-1, 1, contest),
}  # fmt: skip
