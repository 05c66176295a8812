"""[WGAN] theorem 2: W1 goes to 0 wherever the Jensen-Shannon divergence does; not conversely."""

import numpy as np
import pandas as pd

from wganbench.claims.judging.claim import Claim, no_cells
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import alive, finds_distance
from wganbench.claims.judging.methods import GAN, PENALTY_10, WGAN_GP
from wganbench.claims.judging.pairs import lost_is_infinite, paired, worst
from wganbench.gather.selection import Where

# Between equal laws both are 0, and nothing is ordered.
APART: Where = {"data.kind": "pair", "data.theta": lambda theta: theta != 0}
CRITIC: Where = {**WGAN_GP, **PENALTY_10, **APART}
DISCRIMINATOR: Where = {**GAN, **APART}
CLOSE = 0.1  # of the lines' length: the smallest shift of the experiment's grid
FAR_BELOW = 0.15  # of the bound: halfway, in decades, between the reason's .085 and .27


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return W1's estimate over what the JS estimate allows, on the worst pair of an experiment."""
    shares = pd.concat(
        [_share_of_farthest(evidence), evidence.at_end(DISCRIMINATOR, "divergence_heldout")]
    )
    pairs = paired(evidence, CRITIC, DISCRIMINATOR, shares)
    settings = evidence.settings.set_index("run")
    shifts = settings.get("data.theta", pd.Series(np.nan, settings.index)).astype(float)
    is_close = pairs["run_left"].map(shifts).astype(float).abs() <= CLOSE
    if not is_close.any():
        return no_cells()
    bound = np.sqrt(2 * pairs["right"].clip(lower=0)) * np.where(is_close, FAR_BELOW, 1.0)
    effect = lost_is_infinite(pairs["left"].abs() / bound)
    context = pairs["run_left"].map(settings["experiment"])
    return worst(pairs.assign(context=context, effect=effect))


def _share_of_farthest(evidence: Evidence) -> pd.DataFrame:
    """Return W1's estimate over the largest distance between a real sample and the model's."""
    estimates = evidence.at_end(CRITIC, "estimate_heldout")
    farthest = evidence.at_end(CRITIC, "farthest").groupby("run")["value"].mean()
    known = estimates[estimates["run"].isin(farthest.index)]
    return known.assign(value=known["value"] / known["run"].map(farthest).astype(float))


CLAIM = Claim(
    source="[WGAN] theorem 2 and example 1",
    statement="Where the Jensen-Shannon divergence goes to 0 so does W1, and not the other way "
    "round.",
    statistic="WGAN-GP's held-out estimate of W1 over d sqrt(2 JS), on the worst pair of fixed "
    "laws; between parallel lines at most 0.1 apart over 0.15 of that, as W1 must be far below; "
    "JS is a discriminator's held-out estimate, same pair, net and seed, d the largest distance "
    "between a real sample and the model's",
    effects=effects,
    direction="at most",
    threshold=1.0,
    reason="W1 <= d TV, as no more than TV has to move (Villani 2009, theorem 6.15), and TV <= "
    "sqrt(2 JS) by Pinsker's inequality to the mixture, so that JS bounds W1; that W1 bounds no JS "
    "shows on lines .1 apart, where the closed forms give .085 of the bound, and a JS in "
    "proportion to theta would give .27",
    ratio=True,
    gates=(alive(CRITIC), finds_distance(CRITIC)),
)
