"""[UGAN] section 3.1: does a generator that sees 5 critic steps ahead cover a ring's modes?"""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.gates import alive
from wganbench.claims.judging.unrolling import AHEAD, RING, WITHOUT, found, more_modes

CLAIM = Claim(
    source="[UGAN] section 3.1 and figure 2",
    origin="other papers",
    model="Unrolled GAN",
    published="in words, by recall: without unrolling the generator rotates through the modes and "
    "never settles; unrolled (K = 10) it spreads out over all 8",
    statement="A generator that sees 5 critic steps ahead covers at least 4 modes more, of a ring "
    "of 8, than one that sees none.",
    statistic="modes of 8 that get a fifth of their fair share of samples with K = 5, less those "
    "with K = 0, all else and the seed alike, at the end",
    effects=more_modes({**RING, **AHEAD}, {**RING, **WITHOUT}, "unrolled_steps"),
    direction="at least",
    threshold=3.5,
    reason="the paper's figure shows one mode at a time against all: half of the ring is the "
    "project's bar between the two; counts are whole numbers, and 4 counts",
    gates=(alive(RING), found(RING)),
)
