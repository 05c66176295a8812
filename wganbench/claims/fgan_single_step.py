"""[fGAN] section 3.1: is one critic step enough?"""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.fits import divergences, exact, objectives
from wganbench.claims.judging.gates import Gate, fair
from wganbench.claims.judging.pairs import EVERYTHING, paired, ratios
from wganbench.claims.judging.thresholds import WITHIN
from wganbench.gather.affine import LINE
from wganbench.gather.selection import Where

FITS: Where = {**LINE, "objective.name": "f-gan"}
SINGLE: Where = {**FITS, "n_critic": 1}
DOUBLE: Where = {**FITS, "n_critic": lambda steps: steps > 1}
APART = ("variant", "n_critic", "iterations", "log_every")


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the single-step fit's divergence over the double loop's."""
    ends = divergences(evidence, FITS)
    return ratios(paired(evidence, SINGLE, DOUBLE, ends, EVERYTHING, APART))


def left_of_start(evidence: Evidence) -> pd.DataFrame:
    """Return a fit's divergence over that of N(0, 1), with which all begin."""
    ends, known = divergences(evidence, FITS), objectives(evidence, FITS)
    first = ends["run"].map({run: exact(one, 0.0, 1.0) for run, one in known.items()})
    return ends.assign(value=ends["value"] / first.astype(float))


CLAIM = Claim(
    source="[fGAN] section 3.1",
    origin="other papers",
    statement="With as many gradient steps, f-GAN with a single critic step fits as well as with "
    "an inner loop.",
    statistic="exact divergence of the single-step method's model, in the divergence that it was "
    "trained on, over that of the model of the double loop, same divergence and seed, each at its "
    "best learning rate, at the end",
    effects=effects,
    direction="at most",
    threshold=1 + WITHIN,
    reason="as well is not better: harm is a divergence larger by a tenth, the project's bar for "
    "calling an estimate a distance; both end above the same least divergence",
    ratio=True,
    model="f-GAN",
    published="in words, by recall: the inner loop is left out, and what is found is as good",
    gates=(
        fair(FITS),
        Gate(
            name="trained",
            asks="exact divergence of the double loop's model over that of N(0, 1), the first, at "
            "the end",
            values=left_of_start,
            direction="at most",
            bar=0.5,
            reason="a fit that has not halved the divergence that it began with has hardly moved, "
            "and to be as good as it is no merit",
            where=DOUBLE,
        ),
    ),
)
