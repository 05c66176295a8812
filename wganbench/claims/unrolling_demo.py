"""The authors' demo of [UGAN]: do 5 steps ahead cover its ring, where none collapse?"""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.gates import alive
from wganbench.claims.judging.unrolling import AHEAD, DEMO, WITHOUT, found, more_modes

CLAIM = Claim(
    source="[UGAN] the official code, the authors' demo",
    origin="this project",
    model="Unrolled GAN",
    published="in pictures: the demo's page shows one mode at a time without unrolling, and with "
    "K = 5 all of them; its users report that this depends on the discriminator's first weights",
    statement="In the authors' demo too, a generator that sees 5 critic steps ahead covers more "
    "modes than one that sees none.",
    statistic="modes of 7 (two of the 8 Gaussians coincide) that get a fifth of their fair share "
    "of samples with K = 5, less those with K = 0, all else and the seed alike, at the end",
    effects=more_modes({**DEMO, **AHEAD}, {**DEMO, **WITHOUT}, "unrolled_steps"),
    direction="at least",
    threshold=0.5,
    reason="users dispute whether there is a difference, not its size; counts are whole numbers, "
    "and half a mode lies between none and one",
    gates=(alive(DEMO), found(DEMO)),
)
