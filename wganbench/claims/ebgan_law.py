"""[EBGAN] theorem 1: at a Nash equilibrium the generator has the data's law."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.energies import PLAIN_GAME
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import alive, finished
from wganbench.claims.judging.methods import LAWS
from wganbench.claims.judging.pairs import cells, lost_is_infinite
from wganbench.claims.judging.thresholds import FAILS

ON_LAWS = {**PLAIN_GAME, **LAWS}


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return exact W1 over its floor."""
    table = evidence.over_floor(ON_LAWS)
    return cells(table, lost_is_infinite(table["value"]))


CLAIM = Claim(
    source="[EBGAN] theorem 1",
    origin="other papers",
    model="EBGAN",
    published="the two laws are equal almost everywhere (by recall)",
    statement="When an EBGAN has stopped finding modes, its generator has the data's law.",
    statistic="exact W1 of generated and held-out samples over the floor, at the end",
    effects=effects,
    direction="at most",
    threshold=FAILS,
    reason="1 is what two samples of one law show; one of the ring's eight modes missing, an "
    "eighth of the mass moved by 1.08 to its neighbour, is .14, about two floors of 1,000 samples",
    gates=(alive(ON_LAWS), finished(ON_LAWS)),
)
