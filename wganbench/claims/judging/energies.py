"""[EBGAN]'s runs as selections, and what its claims ask of them before they say anything."""

import pandas as pd

from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import Gate, alive, trained_images, trained_laws
from wganbench.claims.judging.methods import LAWS
from wganbench.gather.energies import ENERGIES
from wganbench.gather.selection import Where

# The theorems are about the losses without the pulling-away term.
PLAIN_GAME: Where = {**ENERGIES, "objective.pulling_away": 0.0}
PULLING_AWAY: Where = {**ENERGIES, "objective.pulling_away": lambda weight: weight > 0}
NEAR_LAWS = (trained_laws(PLAIN_GAME), alive(PLAIN_GAME))
NEAR_DATA = (trained_images(PLAIN_GAME), *NEAR_LAWS)
"""A critic that tells nothing apart has flat energies and V = m whatever the generator does, so
that both speak of an equilibrium only where the generator has come near the data."""
ALL_BUT_ONE = 7 / 8  # of the ring's modes


def share_of_modes(evidence: Evidence, where: Where) -> pd.DataFrame:
    """Return `run`, `seed` and as `value` the share of modes covered at the end."""
    covered = evidence.at_end({**where, **LAWS}, "modes_loose")
    modes = evidence.at_end({**where, **LAWS}, "modes").groupby("run")["value"].mean()
    return covered.assign(value=covered["value"] / covered["run"].map(modes).astype(float))


def loses_modes(where: Where) -> Gate:
    """Return the gate of generators that leave modes to be won."""
    return Gate(
        name="power",
        asks="share of the modes that get a fifth of their fair share of samples, at the end",
        values=lambda evidence: share_of_modes(evidence, {}),
        direction="at most",
        bar=ALL_BUT_ONE,
        reason="where no mode of the ring is missing nothing can be won; one of eight is the least",
        where=where,
    )
