"""A discussion's question: do several critics of different widths teach better than each alone?"""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import fair, trained_laws
from wganbench.claims.judging.methods import LAWS, WGAN_GP
from wganbench.claims.judging.pairs import paired, ratios
from wganbench.claims.judging.thresholds import DIRECTION, DIRECTION_REASON
from wganbench.gather.selection import Where

ENSEMBLE: Where = {**WGAN_GP, **LAWS, "critic.name": "ensemble-mlp"}
ALONE: Where = {**WGAN_GP, **LAWS, "critic.name": "mlp"}
TASK = (
    "experiment", "data.", "generator.", "critic.depth", "constraint.", "n_critic", "batch_size",
    "iterations", "train_samples",
)  # fmt: skip


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the exact W1 with each critic alone over that with the ensemble."""
    return ratios(paired(evidence, ALONE, ENSEMBLE, evidence.at_end({}, "w1"), TASK))


CLAIM = Claim(
    source="asked in a discussion of [WGAN]",
    origin="this project",
    statement="A WGAN-GP whose critic is the mean of a wide, a narrower and a narrow one comes "
    "nearer to the data than with each of the three alone.",
    statistic="exact W1 with one critic over that with the ensemble, for each member's width, all "
    "tuned alike, same law, generator, iterations and seed, at the end",
    effects=effects,
    direction="at least",
    threshold=DIRECTION,
    reason=DIRECTION_REASON,
    ratio=True,
    model="Critic ensemble",
    published="none; a discussion asks",
    gates=(fair(LAWS), trained_laws(ENSEMBLE)),
)
