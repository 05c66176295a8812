"""What a claim is: a statement of a paper, and how results speak for it or against it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.gates import Gate
from wganbench.records.claims import Direction, Origin

# Columns of what a claim measures: one row for each cell, a context (a law, an architecture, a
# pair of runs) and a seed, with its effect, the ids of the runs behind it, and the floor of the
# distance in it, if there is one.
CELL = ("context", "seed", "effect", "runs", "floor")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim; everything but its effects stands in the report and in docs/claims.md."""

    source: str
    """Paper and figure, example or section."""
    origin: Origin = "the papers"
    """Who says so: [WGAN] or [GP], others after them, or nobody but this project."""
    statement: str
    """One sentence."""
    statistic: str
    """What an effect is, in words; the verdict rests on the median over seeds."""
    effects: Callable[[Evidence], pd.DataFrame]
    """Pure function from tidy frames to cells; no row where nothing bears on the claim."""
    direction: Direction
    """On which side of the threshold the claim holds."""
    threshold: float
    """In the effect's unit; fixed here, before any result is seen."""
    reason: str
    """Why this threshold."""
    ratio: bool = False
    """Whether effects are ratios, which are averaged by their logarithms."""
    model: str = ""
    """On the page of the family: the model or question that it is about; nothing: not there."""
    published: str = ""
    """The source's own number for the effect, in words where it has none."""
    share_of: str = ""
    """What is drawn at random in place of seeds, "architecture": each is a cell whose `seed` is its
    number, unlike that of any other context's, and whose effect is 1 or 0; their share counts."""
    gates: tuple[Gate, ...] = ()
    """What must hold of the runs in a context before it says anything."""
    leans_on: tuple[str, ...] = ()
    """Claims that must be reproduced before this one says anything: positive controls."""


def no_cells() -> pd.DataFrame:
    """Return what a claim measures where nothing bears on it."""
    return pd.DataFrame(columns=list(CELL)).astype({"seed": int, "effect": float, "floor": float})


def joined(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return the cells of several tables, some of which may have none."""
    found = [part for part in parts if len(part)]
    return pd.concat(found) if found else no_cells()
