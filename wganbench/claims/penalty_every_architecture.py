"""[GP] figure 2: one set of hyperparameters trains every architecture."""

import pandas as pd

from wganbench.claims.judging.architectures import of_architectures, trainable
from wganbench.claims.judging.claim import Claim, no_cells
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import ALGORITHM_1, IMAGES, PENALTY_10, WGAN_GP
from wganbench.claims.judging.pairs import lost_is_infinite, worst

PENALISED = {**WGAN_GP, **PENALTY_10, **ALGORITHM_1, **IMAGES}


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return WGAN-GP's FID over the reference in the worst architecture of an experiment."""
    table = trainable(of_architectures(evidence))
    ours = table[table["run"].isin(evidence.runs(PENALISED)["run"])]
    if ours.empty:
        return no_cells()
    experiments = evidence.settings.set_index("run")["experiment"]
    told = ours.assign(
        effect=lost_is_infinite(ours["value"]),
        runs=ours["run"].map(lambda run: (run,)),
        context=ours["run"].map(experiments),
    )
    return worst(told)


CLAIM = Claim(
    source="[GP] figure 2",
    statement="WGAN-GP trains every architecture with one set of hyperparameters.",
    statistic="FID over that of real images of half of the classes, at the end, in the "
    "worst of the architectures that any of GAN, LSGAN, WGAN and WGAN-GP trains by that measure, "
    "if there are four or more",
    effects=effects,
    direction="at most",
    threshold=1.0,
    reason="what is farther from the data than half of its classes has not learned them; an "
    "architecture that no method trains is too hard at this budget and says nothing",
)
