"""Runs whose learning rate is far above that of their like: [WGAN] figure 3, below."""

import pandas as pd

from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import IMAGES, WGAN
from wganbench.claims.judging.pairs import EVERYTHING, paired
from wganbench.gather.selection import Where

HIGH = 0.01  # RMSProp's default rate, 200 times the paper's: no usual rate for a GAN
FAR = 10.0  # times the other's rate: "substantially high", which the paper leaves at that
MLPS: Where = {**WGAN, **IMAGES, "generator.name": "mlp", "critic.name": "mlp"}
RATES = ("critic_optimizer.lr", "generator_optimizer.lr")


def far_apart(evidence: Evidence, values: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs (see `paired`) of MLPs with the far higher rate on the left."""
    pairs = paired(evidence, MLPS, MLPS, values, EVERYTHING, ("variant", *RATES))
    rates = evidence.settings.set_index("run").get(RATES[0], pd.Series(dtype=float))
    high, usual = (pairs[run].map(rates).astype(float) for run in ("run_left", "run_right"))
    return pairs[high >= FAR * usual]
