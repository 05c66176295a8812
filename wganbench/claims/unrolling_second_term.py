"""[UGAN] section 2.4: is it the gradient through the critic's steps that keeps the modes?"""

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.gates import alive, trained_laws
from wganbench.claims.judging.unrolling import AHEAD, RING, STEPS, found, more_modes

FIRST_TERM = {"unrolled_steps": STEPS, "second_term": False}

CLAIM = Claim(
    source="[UGAN] section 2.4 and equation 12",
    origin="other papers",
    model="Unrolled GAN",
    published="in words, by recall: the second term, how the critic would react, reduces the "
    "tendency to collapse; it goes to 0 as K grows",
    statement="The gradient through the critic's steps, the second term, makes an unrolled "
    "generator cover more modes than the same steps without it.",
    statistic="modes of 8 that get a fifth of their fair share of samples with K = 5 and both "
    "terms, less those with K = 5 and the first alone, all else and the seed alike, at the end",
    effects=more_modes({**RING, **AHEAD}, {**RING, **FIRST_TERM}, "second_term"),
    direction="at least",
    threshold=0.5,
    reason="the source states a direction and no size, so that any difference counts; counts are "
    "whole numbers, and half a mode lies between none and one",
    gates=(alive(RING), found(RING), trained_laws({**RING, **AHEAD})),
    leans_on=("unrolling_covers_modes",),
)
