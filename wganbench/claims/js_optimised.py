"""Was the Jensen-Shannon divergence ever optimised? On a line it can be integrated."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.fits import LAW, at_end, best, exact
from wganbench.claims.judging.methods import UNCONSTRAINED
from wganbench.claims.judging.pairs import cells, relative_error
from wganbench.claims.judging.thresholds import WITHIN, WITHIN_REASON
from wganbench.gather.affine import LINE
from wganbench.gather.selection import Where
from wganbench.objectives.f_gan import FGAN

FITS: Where = {**UNCONSTRAINED, **LINE, "objective.name": "minimax"}
JS = FGAN(f_divergence="js")


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return how far the model's divergence is above the least."""
    table = at_end(evidence, FITS, LAW)
    laws = zip(table["mean"], table["sd"], strict=True)
    values = [exact(JS, mean, sd) if mean == mean else mean for mean, sd in laws]  # NaN: diverged
    reached = pd.Series(values, table.index, dtype=float)
    least = pd.Series(best(JS).divergence, table.index)
    return cells(table, relative_error(reached, least))


CLAIM = Claim(
    source="[fGAN] section 3.2; Goodfellow et al. 2014; Fedus et al. 2018",
    origin="this project",
    statement="A GAN with the minimax loss minimises the Jensen-Shannon divergence: a Gaussian "
    "that learns a mixture ends where that is least.",
    statistic="exact Jensen-Shannon divergence between the data and the model, by quadrature, over "
    "the least that a Gaussian can have, less 1, at the end",
    effects=effects,
    direction="at most",
    threshold=WITHIN,
    reason=f"{WITHIN_REASON}; where the -log D trick leads with the best discriminator, it is 15% "
    "above the least, by quadrature",
    model="GAN",
    published="in words: the best discriminator turns the game into minimising JS",
)
