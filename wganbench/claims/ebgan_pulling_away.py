"""[EBGAN] section 2.4: the pulling-away term keeps samples from gathering in few modes."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.energies import (
    PLAIN_GAME,
    PULLING_AWAY,
    loses_modes,
    share_of_modes,
)
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import alive
from wganbench.claims.judging.methods import LAWS
from wganbench.claims.judging.pairs import EVERYTHING, differences, paired

APART = ("objective.pulling_away",)


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the share of modes with the term less that without, same margin and seed."""
    shares = share_of_modes(evidence, {})
    with_term, without = ({**side, **LAWS} for side in (PULLING_AWAY, PLAIN_GAME))
    return differences(paired(evidence, with_term, without, shares, EVERYTHING, APART))


CLAIM = Claim(
    source="[EBGAN] section 2.4",
    origin="other papers",
    model="EBGAN",
    published="prevents samples from being clustered in one or few modes (by recall)",
    statement="The pulling-away term keeps an EBGAN's samples from gathering in few modes.",
    statistic="share of the modes that get a fifth of their fair share of samples, with the term "
    "less without, same margin and seed, at the end",
    effects=effects,
    direction="at least",
    threshold=1 / 8,
    reason="the source states a direction and no size; one of the ring's eight modes is the least "
    "that can be told from none",
    gates=(alive({**PULLING_AWAY, **LAWS}), loses_modes({**PLAIN_GAME, **LAWS})),
)
