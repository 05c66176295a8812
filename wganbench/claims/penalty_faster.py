"""[GP] figure 3: the penalty gets to clipping's best images sooner than clipping does.

The verdict rests on iterations, the figure's left half. Seconds, its right half, are those times
what an iteration costs: a number of the machine, and one for all of a run's seeds, which train
stacked, so that no interval over seeds covers it. They stand beside the figure of scores.
"""

import numpy as np
import pandas as pd

from wganbench.claims.judging.claim import Claim, no_cells
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import fair, trained_images
from wganbench.claims.judging.methods import CLIPPED_IMAGES, IMAGES, PENALISED_IMAGES
from wganbench.claims.judging.pairs import AS_LONG, NORMALISED, paired, ratios
from wganbench.claims.judging.thresholds import DIRECTION, DIRECTION_REASON
from wganbench.gather.statistics import first_reached

NEVER = pd.Series(dtype=float)  # the history of a replica that diverged


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return WGAN-GP's iterations to clipping's best FID so far over clipping's own."""
    ends = evidence.at_end(IMAGES, "fid")
    alike = (*AS_LONG, "evaluation")
    pairs = paired(evidence, PENALISED_IMAGES, CLIPPED_IMAGES, ends, alike, NORMALISED)
    if pairs.empty:
        return no_cells()
    known = evidence.evaluations.dropna(subset=["fid"]).sort_values("iteration")
    histories = {
        replica: history.set_index("iteration")["fid"]
        for replica, history in known.groupby(["run", "seed"])
    }
    sides = zip(pairs["run_left"], pairs["run_right"], pairs["seed"], strict=True)
    times = [
        _times(histories.get((ours, seed), NEVER), histories.get((theirs, seed), NEVER))
        for ours, theirs, seed in sides
    ]
    return ratios(pairs.assign(**pd.DataFrame(times, pairs.index, ["left", "right"])))


def _times(ours: "pd.Series[float]", theirs: "pd.Series[float]") -> tuple[float, float]:
    """Return the iterations of both to the best FID of theirs; FIDs are by iteration.

    A replica that diverged reaches nothing; where it is clipping's, any FID is as good as its own.
    """
    target = theirs.min() if len(theirs) else np.inf
    left, right = (
        first_reached(fids.index.to_numpy(), fids.to_numpy(), target) for fids in (ours, theirs)
    )
    return left, right


CLAIM = Claim(
    source="[GP] section 5.3 and figure 3",
    statement="WGAN-GP is faster: it takes fewer iterations than WGAN with clipping to images as "
    "good as clipping's best.",
    statistic="iterations that WGAN-GP takes to the best FID of the WGAN over those of the WGAN "
    "itself, same nets (normalisation of the critic apart), iterations and seed; log-linear "
    "between evaluations, infinite if it never gets there",
    effects=effects,
    direction="at most",
    threshold=DIRECTION,
    reason=DIRECTION_REASON,
    ratio=True,
    # What clipping reaches must be worth it; a WGAN-GP that does not train loses.
    gates=(fair(IMAGES), trained_images(CLIPPED_IMAGES)),
)
