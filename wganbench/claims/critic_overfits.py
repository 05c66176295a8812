"""[GP] figure 5b: with few training images the critic overfits, and its loss shows it."""

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import alive, trained_images
from wganbench.claims.judging.methods import IMAGES, WGAN_GP
from wganbench.claims.judging.pairs import cells
from wganbench.gather.selection import Where

FEW: Where = {**WGAN_GP, **IMAGES, "train_samples": lambda n: n > 0}


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the share of the estimate on training images that held-out ones do not have."""
    train, heldout = (evidence.at_end(FEW, f"estimate_{part}") for part in ("train", "heldout"))
    both = train.merge(heldout, on=["run", "seed"], suffixes=("", "_heldout"))
    return cells(both, 1 - both["value_heldout"] / both["value"])


CLAIM = Claim(
    source="[GP] section 5.6 and figure 5b",
    statement="With few training images a penalised critic overfits: its loss on them parts from "
    "that on held-out images.",
    statistic="share of the estimate on training images that the estimate on held-out ones lacks, "
    "at the end",
    effects=effects,
    direction="at least",
    threshold=0.2,
    reason="the figure's curves part by more than a fifth of their height; with all of the data "
    "the two are equal up to sampling, which is below a tenth here",
    gates=(alive(FEW), trained_images(FEW)),
)
