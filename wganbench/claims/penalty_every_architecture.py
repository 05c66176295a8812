"""[GP] figure 2: one set of hyperparameters trains every architecture."""

import pandas as pd

from wganbench.claims.judging.claim import CELL, Claim, no_cells
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import (
    ALGORITHM_1,
    GAN,
    IMAGES,
    LSGAN,
    PENALTY_10,
    WGAN,
    WGAN_GP,
)
from wganbench.claims.judging.pairs import paired, ratios
from wganbench.claims.judging.thresholds import FAILS, FAILS_REASON
from wganbench.gather.selection import Where

OTHERS: tuple[Where, ...] = (GAN, LSGAN, {**WGAN, **ALGORITHM_1})
ARCHITECTURES = 2  # "every" says something about two or more


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the FID over the best other method's, of the worst architecture of an experiment."""
    fid = evidence.at_end(IMAGES, "fid")
    ours = {**WGAN_GP, **PENALTY_10, **ALGORITHM_1, **IMAGES}
    pairs = [
        paired(evidence, ours, {**other, **IMAGES}, fid, apart=("critic.norm",)) for other in OTHERS
    ]
    compared = pd.concat([part for part in pairs if len(part)] or [pairs[0]])
    if compared.empty:
        return no_cells()
    compared = compared.assign(effect=ratios(compared)["effect"])
    of_best = _worst(compared, ["key", "run_left", "seed"])
    experiments = evidence.settings.set_index("run")["experiment"]
    of_best = of_best.assign(context=of_best["run_left"].map(experiments))
    several = of_best.groupby("context")["key"].transform("nunique") >= ARCHITECTURES
    worst = _worst(of_best[several], ["context", "seed"])
    return worst[list(CELL)] if len(worst) else no_cells()


def _worst(table: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return the largest effect of each group, with all its runs."""
    grouped = table.groupby(by)
    return grouped.agg(
        effect=("effect", "max"), runs=("runs", "sum"), floor=("floor", "mean")
    ).reset_index()


CLAIM = Claim(
    source="[GP] figure 2",
    statement="WGAN-GP trains every architecture with one set of hyperparameters.",
    statistic="FID over that of the best of GAN, LSGAN and WGAN with the same nets (normalisation "
    "of the critic apart) and seed, in an experiment's worst architecture, at the end; silent "
    "where every method fails",
    effects=effects,
    direction="at most",
    threshold=FAILS,
    reason=f"trained means that no other method shows it to have failed: {FAILS_REASON}",
    ratio=True,
)
