"""[MBD] section 3.2: a critic that compares the samples of a batch keeps a GAN from collapsing."""

from math import log

import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import Gate, recognisable
from wganbench.claims.judging.methods import GAN, IMAGES
from wganbench.claims.judging.pairs import EVERYTHING, differences, paired
from wganbench.gather.selection import Where

# Digits alone: that there are ten classes is what the gate's bar rests on.
ON_DIGITS: Where = {**GAN, **IMAGES, "data.name": ["digits", "mnist"]}
WITH: Where = {**ON_DIGITS, "critic.name": "minibatch-mlp"}
WITHOUT: Where = {**ON_DIGITS, "critic.name": "mlp"}
LAYER = ("critic.name", "critic.kernels", "critic.kernel_dim", "critic.norm", "critic.activation")
"""In which the two critics differ, and what only one of them can have."""
PLAIN = {"critic.norm": "none", "critic.activation": "relu"}


def effects(evidence: Evidence) -> pd.DataFrame:
    """Return the entropy of labels with the layer less that without."""
    entropy = evidence.at_end(ON_DIGITS, "label_entropy")
    without = {**WITHOUT, **PLAIN}
    return differences(paired(evidence, WITH, without, entropy, EVERYTHING, LAYER))


def collapses(where: Where) -> Gate:
    """Return the gate of generators that leave room for twice as many classes."""
    return Gate(
        name="power",
        asks="entropy of a classifier's labels (nats) at the end",
        values=lambda evidence: evidence.at_end({}, "label_entropy"),
        direction="at most",
        bar=log(5),
        reason="of ten classes no more than five, counted by their entropy, can be doubled",
        where=where,
    )


CLAIM = Claim(
    source="[MBD] section 3.2",
    origin="other papers",
    model="Minibatch discrimination",
    published="prevents collapse of the generator (by recall)",
    statement="A GAN that collapses makes more classes with minibatch discrimination.",
    statistic="entropy of a classifier's labels (nats) of the samples with the layer less that "
    "without, all else and the seed alike, at the end",
    effects=effects,
    direction="at least",
    threshold=log(2),
    reason="log 2: at least twice as many classes, counted by their entropy, as for the collapse "
    "of [WGAN] figure 7",
    # Not `trained`: from one class to two the claim holds, far from half of the classes.
    gates=(recognisable(ON_DIGITS), collapses(WITHOUT)),
)
