"""Whether two runs of one configuration came out alike, given how much seeds differ."""

import warnings
from typing import Annotated

import numpy as np
import pandas as pd
from pydantic import Field

from wganbench.plugins import Strict

# What a run ended at and people quote; every other number only decides "the same to the last bit".
# Those measured in the feature space that the column `extractor` names.
IN_FEATURES = ("fid", "isc", "precision", "recall")
ESTIMATED = ("estimate_heldout", "normalised", "divergence_heldout")
METRICS = ("w1", "modes_loose", "share_strict", *IN_FEATURES, *ESTIMATED)
# What differs between two runs that are the same: how long it took, where, by what code.
NO_RESULT = ("seconds", "per_iteration", "device", "code_digest", "scale", "experiment", "name")
CONFIDENCE = 0.95
Floats = np.ndarray


class Change(Strict):
    """One metric of one run on both sides: means over its seeds."""

    metric: str
    old: Annotated[float, Field(description="Mean over the old side's seeds that did not diverge.")]
    old_sd: Annotated[float | None, Field(description="Their standard deviation.")]
    new: float
    new_sd: float | None
    low: Annotated[
        float | None,
        Field(description="Lower end of Welch's interval of new - old; null below 2 seeds."),
    ]
    high: Annotated[float | None, Field(description="Upper end.")]
    within: Annotated[
        bool | None,
        Field(description="Whether the interval holds 0: the seeds' spread explains the change."),
    ]


def same_to_the_bit(old: pd.DataFrame, new: pd.DataFrame) -> bool:
    """Whether two runs' rows agree in every number and status that both have."""
    columns = [c for c in old.columns if c in new.columns and c not in NO_RESULT]
    ours, theirs = (side[columns].sort_values("seed", ignore_index=True) for side in (old, new))
    return ours.astype(object).equals(theirs.astype(object))


def changes(old: pd.DataFrame, new: pd.DataFrame) -> list[Change]:
    """Return every metric that differs and can be compared."""
    incomparable = () if _in_one_space(old, new) else IN_FEATURES
    found = []
    for metric in (m for m in METRICS if m in old and m in new and m not in incomparable):
        ours, theirs = (side[metric].dropna().to_numpy(dtype=float) for side in (old, new))
        if len(ours) and len(theirs) and not np.array_equal(np.sort(ours), np.sort(theirs)):
            found.append(change(metric, ours, theirs))
    return found


def _in_one_space(old: pd.DataFrame, new: pd.DataFrame) -> bool:
    ours, theirs = (set(s["extractor"].dropna()) if "extractor" in s else set() for s in (old, new))
    return ours == theirs


def in_other_spaces(old: pd.DataFrame, new: pd.DataFrame) -> bool:
    """Whether both sides measured images, in two feature spaces: their FIDs have no common unit."""
    measured = all("fid" in side and side["fid"].notna().any() for side in (old, new))
    return measured and not _in_one_space(old, new)


def change(metric: str, old: Floats, new: Floats, confidence: float = CONFIDENCE) -> Change:
    """Return what became of one metric, one number a seed on either side."""
    low, high = welch_interval(old, new, confidence) or (None, None)
    return Change(
        metric=metric,
        old=float(old.mean()),
        old_sd=_deviation(old),
        new=float(new.mean()),
        new_sd=_deviation(new),
        low=low,
        high=high,
        within=None if low is None or high is None else low <= 0 <= high,
    )


def welch_interval(
    old: Floats, new: Floats, confidence: float = CONFIDENCE
) -> tuple[float, float] | None:
    """Return Welch's interval of the difference of two means; None below two seeds a side.

    It takes the two sides for independent. Replicas of one seed share their first weights and
    batches, so that they are alike rather than opposed if they are anything: the interval is then
    too wide and calls too little a change, not too much.
    """
    if min(len(old), len(new)) < 2:
        return None
    from scipy.stats import ttest_ind

    if np.ptp(old) == np.ptp(new) == 0:
        difference = float(new.mean() - old.mean())
        return difference, difference
    with warnings.catch_warnings(action="ignore"):  # one side's seeds may all agree
        test = ttest_ind(new, old, equal_var=False)
    low, high = test.confidence_interval(confidence)
    return float(low), float(high)


def _deviation(values: Floats) -> float | None:
    return float(values.std(ddof=1)) if len(values) > 1 else None
