"""Methods on several architectures, and which of these can be trained at all: [GP] figure 2."""

import pandas as pd

from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import (
    ALGORITHM_1,
    GAN,
    IMAGES,
    LSGAN,
    PENALTY_10,
    WGAN,
    WGAN_GP,
)
from wganbench.gather.selection import Where, as_texts

METHODS: dict[str, Where] = {
    "gan": {**GAN, **IMAGES},
    "lsgan": {**LSGAN, **IMAGES},
    "wgan": {**WGAN, **ALGORITHM_1, **IMAGES},
    "wgan-gp": {**WGAN_GP, **PENALTY_10, **ALGORITHM_1, **IMAGES},
}
# Under the penalty layer norm stands where critics have batch norm, so that is no difference.
_APART = ("critic.norm", "generator.init", "critic.init")
ARCHITECTURES = 4  # of the figure's seven: fewer say nothing of "every"


def of_architectures(evidence: Evidence) -> pd.DataFrame:
    """Return `run`, `seed`, `value` and `floor` of these methods, with their `architecture`.

    The value is the FID at the end over that of real images of half of the classes. Architectures
    that have all four methods in one experiment.
    """
    settings = evidence.settings
    keys = [
        key
        for key in map(str, settings)
        if key.startswith(("data.", "generator.", "critic.", "experiment")) and key not in _APART
    ]
    known = settings[["run"]].assign(architecture=as_texts(settings[keys]))
    parts = [evidence.over_reference(where).assign(method=name) for name, where in METHODS.items()]
    table = pd.concat(parts).merge(known, on="run")
    methods = table.groupby("architecture")["method"].transform("nunique")
    return table[methods == len(METHODS)]


def trainable(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of architectures that any method trains; none of fewer than four."""
    infinite = table.assign(value=table["value"].fillna(float("inf")))
    typical = infinite.groupby(["architecture", "run"])["value"].median()
    best = typical.groupby("architecture").min()
    trained = best[best <= 1.0].index
    kept = table[table["architecture"].isin(trained)]
    return kept if len(trained) >= ARCHITECTURES else kept.iloc[:0]
