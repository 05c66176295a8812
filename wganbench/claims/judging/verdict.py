"""From a claim's cells to a verdict."""

import numpy as np
import pandas as pd

from wganbench.claims.judging.claim import Claim
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.interval import (
    CONFIDENCE,
    FEW_SEEDS,
    Interval,
    coverage_of_range,
    crossed,
)
from wganbench.claims.judging.thresholds import LARGEST_FACTOR
from wganbench.records.claims import Ruling, Verdict

# With two seeds an interval over seeds is a coin's toss; several contexts make up for one seed.
SEEDS = 3
SEEDS_IN_CONTEXTS, CONTEXTS = 2, 3
DIGITS = 6  # significant, in files
# What a verdict repeats of its claim.
STATED = ("source", "statement", "statistic", "ratio", "direction", "threshold", "reason")
UNTESTED = "not tested at this scale: no run bears on it, or what it needs was not measured"


def judge(name: str, claim: Claim, evidence: Evidence) -> Verdict:
    """Return the verdict on a claim: a pure function of the evidence."""
    cells = _independent(claim, claim.effects(evidence).dropna(subset=["effect"]), evidence)
    seeds, contexts = cells["seed"].nunique(), cells["context"].nunique()
    interval, ruling, because = None, "inconclusive", UNTESTED
    if len(cells):
        interval = crossed(cells)
        if claim.ratio:
            interval = Interval(*(float(np.exp(end)) for end in interval))
        ruling, because = _ruling(claim, interval, seeds, contexts)
    floor = cells["floor"].mean() if cells["floor"].notna().any() else None
    value, low, high = (_rounded(end) for end in interval or (None, None, None))
    return Verdict(
        name=name,
        **{part: getattr(claim, part) for part in STATED},
        verdict=ruling,
        tested=interval is not None,
        because=because,
        value=value,
        low=low,
        high=high,
        seeds=seeds,
        contexts=contexts,
        cells=len(cells),
        floor=_rounded(floor),
        runs=sorted({run for runs in cells["runs"] for run in runs}),
        text=_text(claim, because, interval, seeds, contexts, floor),
    )


def _independent(claim: Claim, cells: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """Return one cell for each context and seed, logarithms of ratios; runs of a kind are one."""
    effect = cells["effect"].astype(float)
    if claim.ratio:
        bound = np.log(LARGEST_FACTOR)
        with np.errstate(divide="ignore"):
            effect = pd.Series(np.log(effect.to_numpy()).clip(-bound, bound), cells.index)
    tasks = evidence.tasks
    contexts = [
        " | ".join(tasks.get(part, part) for part in str(context).split(" | "))
        for context in cells["context"]
    ]
    grouped = cells.assign(effect=effect, context=contexts).groupby(["context", "seed"])
    merged = grouped.agg(effect=("effect", "mean"), floor=("floor", "mean"), runs=("runs", "sum"))
    return merged.reset_index()


def is_enough(seeds: int, contexts: int) -> bool:
    """Whether so many seeds and contexts can bear a verdict other than inconclusive."""
    return seeds >= SEEDS or (seeds >= SEEDS_IN_CONTEXTS and contexts >= CONTEXTS)


def _ruling(claim: Claim, interval: Interval, seeds: int, contexts: int) -> tuple[Ruling, str]:
    if not is_enough(seeds, contexts):
        return "inconclusive", (
            f"too few seeds: {seeds} in {contexts} context{'s' * (contexts > 1)}; it takes {SEEDS} "
            f"seeds, or {SEEDS_IN_CONTEXTS} in {CONTEXTS} contexts"
        )
    above, below = interval.low > claim.threshold, interval.high < claim.threshold
    if not (above or below):
        return "inconclusive", "the interval holds the threshold"
    holds = above if claim.direction == "at least" else below
    side = "above" if above else "below"
    ruling: Ruling = "reproduced" if holds else "not reproduced"
    return ruling, f"the whole interval is {side} the threshold"


def _text(
    claim: Claim,
    because: str,
    interval: Interval | None,
    seeds: int,
    contexts: int,
    floor: float | None,
) -> str:
    bar = f"threshold: {claim.direction} {claim.threshold:g}"
    if interval is None:
        return f"{because}; {bar}"
    mean = "geometric mean" if claim.ratio else "mean"
    number = f"{mean} {interval.mean:.3g} [{interval.low:.3g}, {interval.high:.3g}]"
    over = f"{seeds} seed{'s' * (seeds != 1)}, {contexts} context{'s' * (contexts != 1)}"
    beside = "" if floor is None else f"; floor of the distance {floor:.3g}"
    worth = _worth(seeds, contexts)
    return f"{number}, {CONFIDENCE:.0%} interval; {bar}; {over}{beside}; {because}{worth}"


def _worth(seeds: int, contexts: int) -> str:
    """Return what an interval over few seeds is worth, to follow a verdict's text."""
    if seeds >= FEW_SEEDS:
        return ""
    if contexts > 1:
        return " (with so few seeds the interval is mostly that over contexts)"
    return (
        f" (over {seeds} seed{'s' * (seeds != 1)} an interval is hardly wider than their range, "
        f"which holds the median in {coverage_of_range(seeds):.0%} of cases)"
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{DIGITS}g}")
