"""A claim's cells as contexts and seeds: what each context says, and what all of them say."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Float

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.interval import (
    SEEDS,
    Interval,
    of_share,
    over_seeds,
    p_of_share,
    p_value,
)
from wganbench.records.claims import LOST

Decided = Literal["reproduced", "not reproduced", "mixed"]


class Said(NamedTuple):
    """What contexts say together."""

    ruling: Decided | None
    """None where they leave it open."""
    because: str
    interval: Interval | None
    """In the effect's unit."""
    p: float | None
    seeds: int


@dataclass(frozen=True)
class Scale:
    """The axis on which a claim's effects are averaged, logarithms for ratios, and how they are."""

    claim: Claim

    @property
    def lost(self) -> float:
        return float(np.log(LOST)) if self.claim.ratio else LOST

    @property
    def bar(self) -> float:
        return float(np.log(self.claim.threshold)) if self.claim.ratio else self.claim.threshold

    def placed(self, effects: pd.Series) -> "pd.Series[float]":
        """Return the effects on the axis."""
        if self.claim.ratio:
            sizes = effects.astype(float).clip(1 / LOST, LOST)
            return pd.Series(np.log(sizes.to_numpy()), effects.index)
        return effects.astype(float).clip(-LOST, LOST)

    def back(self, place: float) -> float:
        """Return a place's effect."""
        return float(np.exp(place)) if self.claim.ratio else place

    def interval(self, places: Float[np.ndarray, " seed"]) -> Interval | None:
        """Return the effects' interval, in their own unit."""
        found = of_share(places) if self.claim.share_of else over_seeds(places, self.lost)
        return None if found is None else Interval(*map(self.back, found))

    def p(self, places: Float[np.ndarray, " seed"]) -> float | None:
        """Return the p of the threshold being what is typical."""
        if self.claim.share_of:
            return p_of_share(places, self.bar)
        return p_value(places, self.bar, self.lost)

    def typical(self, places: Float[np.ndarray, " seed"]) -> float:
        """Return the place of what is typical: the median, or the share of ones."""
        return float(places.mean() if self.claim.share_of else np.median(places))

    def holds(self, interval: Interval) -> bool | None:
        """Return whether the claim holds in all of an interval, in none of it, or None."""
        above, below = interval.low > self.claim.threshold, interval.high < self.claim.threshold
        if above == below:
            return None
        return above == (self.claim.direction == "at least")


def table_of(claim: Claim, evidence: Evidence) -> pd.DataFrame:
    """Return one cell for each context and seed, its effect as a place; runs of a kind are one."""
    cells = claim.effects(evidence).dropna(subset=["effect"])
    tasks = evidence.tasks
    contexts = [
        " | ".join(tasks.get(part, part) for part in str(context).split(" | "))
        for context in cells["context"]
    ]
    placed = cells.assign(effect=Scale(claim).placed(cells["effect"]), context=contexts)
    grouped = placed.groupby(["context", "seed"])
    merged = grouped.agg(effect=("effect", "mean"), floor=("floor", "mean"), runs=("runs", "sum"))
    return merged.reset_index()


def together(claim: Claim, table: pd.DataFrame) -> Said:
    """Return what these contexts say, by the seeds that all of them have.

    The contexts are those that they are, no sample of others: seeds alone are chance. A seed's
    replicas in several contexts share random numbers, so each seed gives one number, its mean over
    the contexts; what a share is of has one context, and counts once. All contexts must lie on one
    side of the threshold; where two are decided and disagree the claim is mixed.
    """
    scale = Scale(claim)
    places = table.set_index(["context", "seed"])["effect"]
    wide = places.unstack("seed")  # noqa: PD010 (a pivot table takes a mean)
    if not claim.share_of:
        wide = wide.dropna(axis="columns")
    seeds = wide.shape[1]
    if not table.size:
        return Said(None, "no run bears on it", None, None, 0)
    of_seeds = wide.mean().to_numpy(dtype=float)
    lost = (wide.abs() >= scale.lost).any().to_numpy()
    of_seeds = np.where(lost, np.sign(of_seeds) * scale.lost, of_seeds)
    interval, p = scale.interval(of_seeds), scale.p(of_seeds)
    rows = [row[~np.isnan(row)] for row in wide.to_numpy(dtype=float)]
    decided = {scale.holds(found) for found in map(scale.interval, rows) if found} - {None}
    if len(decided) > 1:
        return Said("mixed", "contexts disagree", interval, None, seeds)
    if interval is None:
        return Said(None, _too_few(claim, seeds), None, None, seeds)
    holds = scale.holds(interval)
    if holds is None:
        return Said(None, "the interval holds the threshold", interval, p, seeds)
    side = "above" if interval.low > claim.threshold else "below"
    typical = np.array([scale.typical(row) for row in rows])
    if not ((typical > scale.bar) if side == "above" else (typical < scale.bar)).all():
        return Said(None, "not every context lies on that side", interval, p, seeds)
    ruling: Decided = "reproduced" if holds else "not reproduced"
    return Said(ruling, f"the whole interval is {side} the threshold", interval, p, seeds)


def _too_few(claim: Claim, seeds: int) -> str:
    if seeds >= SEEDS:
        return "seeds tie, and fewer than 6 that tie have no interval"
    return f"too few {claim.share_of or 'seed'}s: {seeds}; it takes {SEEDS}"
