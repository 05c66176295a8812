"""A discussion's question: what becomes of a generator whose discriminator no longer learns?"""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import Gate
from wganbench.claims.judging.methods import IMAGES
from wganbench.claims.judging.pairs import cells
from wganbench.gather.selection import FROZEN, Where

EXTENT = "extent"
# Pixels end at black and white; in the plane nothing keeps such a generator from going farther.
FROZEN_IMAGES: Where = {**FROZEN, **IMAGES}


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the generated images' extent over that of real ones."""
    extents = evidence.measure(EXTENT, FROZEN_IMAGES)
    return cells(extents, extents["value"])


def _largest(evidence: Evidence) -> pd.DataFrame:
    """Return the largest extent of any evaluation; that of a replica that diverged is missing."""
    most = (
        evidence.along(EXTENT, FROZEN_IMAGES).groupby(["run", "seed"])["value"].max().reset_index()
    )
    return evidence.seeds[["run", "seed"]].merge(most, how="left", on=["run", "seed"])


CLAIM = Claim(
    source="asked in a discussion of [WGAN]",
    origin="this project",
    statement="A generator of images loses its diversity when its discriminator no longer learns, "
    "however long it has learned before.",
    statistic="extent of the generated images (root of their pixels' summed variances) over that "
    "of real ones, at the end",
    effects=effects,
    direction="at most",
    threshold=0.1,
    reason="an order of magnitude; real digits of one class, a collapse by anyone's word, still "
    "have .57 to .88 of the extent of all digits",
    model="Frozen discriminator",
    published="no number; the discussion expects the one sample that the discriminator likes best",
    gates=(
        Gate(
            name="diverse",
            asks="largest extent at any evaluation over that of real images",
            values=_largest,
            direction="at least",
            bar=0.5,
            reason="a generator that never spread has no diversity to lose; real digits of one "
            "class have .57 of the extent of all digits or more",
            where=FROZEN_IMAGES,
        ),
    ),
)
