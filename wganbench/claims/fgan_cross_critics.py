"""[fGAN] table 3, below: what critics that are trained anew say of the paper's models."""

import pandas as pd

from wganbench.claims.judging.claim import Claim, no_cells
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.fits import exact, objectives
from wganbench.claims.judging.gates import Gate
from wganbench.claims.judging.pairs import EVERYTHING, paired, ratios, worst
from wganbench.claims.judging.thresholds import DIRECTION, DIRECTION_REASON
from wganbench.data.fgan_fit import LEARNED
from wganbench.gather.measures.relearned_divergence import CROSS


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return for each divergence what critics say of its own model over the least of others."""
    said = evidence.measure("relearned_divergence", CROSS)
    pairs = paired(evidence, CROSS, CROSS, said, EVERYTHING, ["data.trained_on"])
    if pairs.empty:
        return no_cells()
    runs = evidence.runs(CROSS).set_index("run")
    own = runs.index[runs["data.trained_on"] == runs["objective.f_divergence"]]
    of_own = pairs[pairs["run_left"].isin(own)]
    return worst(ratios(of_own.assign(context=of_own["run_left"])))


def learned(evidence: Evidence) -> pd.DataFrame:
    """Return the share of the exact divergence that a critic finds."""
    said, known = evidence.measure("relearned_divergence", CROSS), objectives(evidence, CROSS)
    models = evidence.settings.set_index("run")
    truth = [exact(known[run], *LEARNED[models.loc[run, "data.trained_on"]]) for run in said["run"]]
    return said.assign(value=said["value"] / pd.Series(truth, said.index, dtype=float))


CLAIM = Claim(
    source="[fGAN] table 3, cross table",
    origin="other papers",
    statement="By critics that are trained anew, each of the paper's fits is best by the "
    "divergence that it was trained on.",
    statistic="what a critic learns of a divergence (its bound F, integrated under both laws) "
    "between the mixture and the fit that was trained on that divergence, over the least that "
    "critics learn for the other fits, same seed, at the end",
    effects=effects,
    direction="at most",
    threshold=DIRECTION,
    reason=f"{DIRECTION_REASON}; exact integrals contradict it for one of five, Jeffrey, by whose "
    "divergence the fit on JS is 2% better, and a critic's error may be larger",
    ratio=True,
    model="f-GAN",
    published="the least of each column on the diagonal, by recall",
    gates=(
        Gate(
            name="trained",
            asks="the bound that a critic has learned over the exact divergence, at the end",
            values=learned,
            direction="at least",
            bar=0.9,
            reason="the paper's own learned objectives are 90% or more of what can be integrated "
            "(table 3, by recall); below, a critic says more of itself than of the laws",
            where=CROSS,
        ),
    ),
)
