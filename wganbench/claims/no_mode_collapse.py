"""[WGAN] section 4.3: no mode collapse, on the mixtures where modes can be counted."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import alive, finished
from wganbench.claims.judging.methods import ALGORITHM_1, LAWS, WGAN
from wganbench.claims.judging.pairs import cells
from wganbench.gather.selection import Where

ON_LAWS: Where = {**WGAN, **LAWS, **ALGORITHM_1}


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the share of modes that are covered at the end; none of a replica that diverged."""
    covered = evidence.at_end(ON_LAWS, "modes_loose")
    modes = evidence.at_end(ON_LAWS, "modes").groupby("run")["value"].mean()
    share = covered["value"].fillna(0.0) / covered["run"].map(modes).astype(float)
    return cells(covered, share)


CLAIM = Claim(
    source="[WGAN] section 4.3",
    origin="this project",
    statement="WGAN shows no mode collapse, on rings and grids of Gaussians.",
    statistic="share of the modes that get a fifth of their fair share of samples, at the end",
    effects=effects,
    direction="at least",
    threshold=0.9,
    reason="one mode of eight lost in every replica is 0.875 and would be a collapse; 0.9 is the "
    "next round number above",
    gates=(alive(ON_LAWS), finished(ON_LAWS)),
)
