"""The four changes that lead from a GAN to a WGAN ([WGAN] algorithm 1), and their subsets."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from wganbench.claims.judging.claim import joined
from wganbench.claims.judging.effects import Effects
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.methods import IN_TURNS, LAWS
from wganbench.claims.judging.pairs import paired, ratios
from wganbench.gather.selection import Where


class Change(NamedTuple):
    """One setting, as a GAN and as a WGAN has it."""

    key: str
    before: str | int
    after: str | int


LINEAR, CLIPPING, STEPS, RMSPROP = "linear loss", "clipping", "5 critic steps", "RMSProp"
CHANGES: Mapping[str, Change] = {
    LINEAR: Change("objective.name", "non-saturating", "wasserstein"),
    CLIPPING: Change("constraint.name", "none", "clip"),
    STEPS: Change("n_critic", 1, 5),
    RMSPROP: Change("critic_optimizer.name", "adam", "rmsprop"),
}


def subset(made: Collection[str]) -> Where:
    """Return the runs on laws in the plane that have these changes made and no others."""
    values = {c.key: c.after if name in made else c.before for name, c in CHANGES.items()}
    return {**IN_TURNS, **LAWS, **values}


WHOLE = subset(CHANGES)


def subsets_of(names: Iterable[str]) -> list[frozenset[str]]:
    """Return all subsets, the smallest first."""
    found = [frozenset[str]()]
    for name in names:
        found += [one | {name} for one in found]
    return sorted(found, key=len)


def alone(kept: str) -> Effects:
    """Take exact W1 with one of clipping and linear loss over that with both, same rest and seed.

    Args:
        kept: the one that is not taken back.
    """
    rests = subsets_of([STEPS, RMSPROP])
    pairs = [(subset(rest | {kept}), subset(rest | {CLIPPING, LINEAR})) for rest in rests]
    return lambda evidence: distance_ratios(evidence, pairs)


def distance_ratios(evidence: Evidence, pairs: Iterable[tuple[Where, Where]]) -> pd.DataFrame:
    """Return cells with exact W1 at the end of the left runs over that of the right ones.

    Of one experiment, law and nets, and the same seed.
    """
    ends = evidence.at_end({}, "w1")
    return joined(ratios(paired(evidence, left, right, ends)) for left, right in pairs)
