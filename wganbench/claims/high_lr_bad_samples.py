"""[WGAN] figure 3, below: a learning rate that is far too high."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence, Where
from wganbench.claims.judging.methods import IMAGES, WGAN
from wganbench.claims.judging.pairs import EVERYTHING, paired, ratios
from wganbench.claims.judging.thresholds import FAILS, FAILS_REASON

FAR = (
    10.0  # times another run's learning rate: "substantially high", which the paper leaves at that
)
MLPS: Where = {**WGAN, **IMAGES, "generator.name": "mlp", "critic.name": "mlp"}
RATES = ("critic_optimizer.lr", "generator_optimizer.lr")


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the FID with the high rate over that with the usual one."""
    return ratios(_far_apart(evidence, evidence.at_end(MLPS, "fid")))


def failing(evidence: Evidence) -> list[str]:
    """Return the ids of the runs whose rate is far above that of their like."""
    seeds = evidence.of(evidence.seeds, MLPS)
    return sorted(set(_far_apart(evidence, seeds.assign(value=1.0, floor=1.0))["run_left"]))


def _far_apart(evidence: Evidence, values: pd.DataFrame) -> pd.DataFrame:
    pairs = paired(evidence, MLPS, MLPS, values, EVERYTHING, ("variant", *RATES))
    rates = evidence.settings.set_index("run").get(RATES[0], pd.Series(dtype=float))
    high, usual = (pairs[run].map(rates).astype(float) for run in ("run_left", "run_right"))
    return pairs[high >= FAR * usual]


CLAIM = Claim(
    source="[WGAN] figure 3, lower half",
    statement="MLPs for both nets and a learning rate that is far too high: training fails.",
    statistic="FID over that with the usual rate, all else and the seed alike, at the end",
    effects=effects,
    direction="at least",
    threshold=FAILS,
    reason=FAILS_REASON,
    ratio=True,
)
