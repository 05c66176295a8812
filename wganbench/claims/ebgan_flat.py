"""[EBGAN] theorem 2: at a Nash equilibrium all energies on the data are equal."""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.effects import value_of
from wganbench.claims.judging.energies import NEAR_LAWS, PLAIN_GAME
from wganbench.claims.judging.methods import LAWS
from wganbench.claims.judging.thresholds import WITHIN

CLAIM = Claim(
    source="[EBGAN] theorem 2",
    origin="other papers",
    model="EBGAN",
    published="one energy, between 0 and m, almost everywhere (by recall)",
    statement="Trained to where its samples are near the data, an EBGAN's critic gives all data "
    "the same energy.",
    statistic="coefficient of variation of the energies of held-out real samples, on laws in the "
    "plane, at the end",
    effects=value_of("energy_variation", {**PLAIN_GAME, **LAWS}),
    direction="at most",
    threshold=WITHIN,
    reason="a tenth counts as equal, as everywhere here; the length of an error that is normal in "
    "the plane, what an auto-encoder leaves that fits as well as it can, has .52 (Rayleigh's law); "
    "in 256 pixels such an error has .04, so that images show nothing",
    gates=NEAR_LAWS,
)
