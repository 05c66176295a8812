"""The estimator study's table of errors, beside those of [KSB]."""

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from wganbench.gather.study import ESTIMATORS, EXACT, EXPLAINED, comparing, errors
from wganbench.report.style.blocks import Cell, Table, TableRow, measured, tabulated
from wganbench.report.style.looks import in_order
from wganbench.report.style.wording import NOTHING, mean_range, number

# Medians over [KSB]'s 28 pairs: cosine of the gradient, relative error of W1 in percent.
PUBLISHED = {
    "wgan": (0.15, 79),
    "wgan-gp": (0.77, 13),
    "wgan-lp": (0.80, 9),
    "wgan-sn": (0.18, 83),
    "wgan-groupsort": (0.73, 34),
    EXACT: (0.09, 144),
}
RAW = f"{ESTIMATORS['estimate_heldout']}, error"  # stands beside theirs
_CAPTION = (
    "For each seed the median over the group's pairs; then mean (smallest to largest) over seeds. "
    "Error: relative to the true W1 where it is known, else to exact W1 of the same samples. "
    "Cosine and mean squared distance (L2) are between the critic's gradient and an optimal "
    "critic's at held-out real samples, where that is known; L2 of the raw critic, whose scale "
    "clipping leaves open. Seconds: training until the seed stopped, its share of the seeds "
    "trained side by side. Floor: exact W1 between two samples of one law over the same reference, "
    "median over pairs and, in brackets, their range. The two columns [KSB] are not ours: medians "
    "over their 28 pairs (D = 2 to 128, 4 to 256 funnels), at their settings, as published; ours "
    "are other pairs, at the settings listed below."
)


def errors_table(ends: pd.DataFrame) -> Iterator[Table]:
    """Yield the table of errors if any experiment compares methods."""
    table = comparing(ends)
    if table.empty:
        return
    table = table.assign(**{f"error {name}": errors(table, name) for name in ESTIMATORS})
    rows: list[TableRow] = []
    for known, group in ((True, table[table["known"]]), (False, table[~table["known"]])):
        if len(group):
            pairs = {"pairs": Cell(_group(group, known))}
            rows += [
                pairs | _method_cells(label, group[group["label"] == label], known)
                for label in in_order(group["label"])
            ]
            rows += [pairs | _exact_cells(group)] if known else []
    caption = f"{EXPLAINED} {_CAPTION}"
    yield tabulated("study-errors", "Errors by method and estimator", caption, rows, table["run"])


def _group(group: pd.DataFrame, known: bool) -> str:
    if known:
        dims = ", ".join(f"{dim:g}" for dim in sorted(group["dim"].unique()))
        return f"W1 known, D = {dims}"
    return f"plane: {', '.join(dict.fromkeys(group['pair']))}"


def _method_cells(label: str, rows: pd.DataFrame, known: bool) -> dict[str, Cell]:
    is_theirs = known and "(" not in label  # a variant of the method is none of their solvers
    cosine, error = _published(str(rows["method"].iloc[0]) if is_theirs else "")
    ours = {
        f"{words}, error": measured(_per_seed(rows, f"error {name}"), text=_percents)
        for name, words in ESTIMATORS.items()
    }
    return {
        "method": Cell(label),
        RAW: ours.pop(RAW),
        "[KSB] W1 error": error,
        "gradient cosine": measured(_per_seed(rows, "gradient_cosine"), text=mean_range),
        "[KSB] cosine": cosine,
        **ours,
        "gradient L2": measured(_per_seed(rows, "gradient_l2"), text=mean_range),
        "floor / reference": _floor(rows),
        "seconds": measured(_per_seed(rows, "seconds"), text=mean_range),
    }


def _exact_cells(group: pd.DataFrame) -> dict[str, Cell]:
    """Return those of discrete OT; its samples are the same for all methods and seeds."""
    median = float(errors(group.drop_duplicates("pair"), "w1").median())
    cosine, error = _published(EXACT)
    return {
        "method": Cell(EXACT),
        RAW: Cell(_percent(median), median),
        "[KSB] W1 error": error,
        "[KSB] cosine": cosine,
        "floor / reference": _floor(group),
    }


def _per_seed(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return the median over pairs for each seed."""
    finite = rows[np.isfinite(rows[column].astype(float))]
    medians: pd.Series = finite.groupby("seed")[column].median()
    return medians


def _percents(values: Iterable[float], _: int) -> str:
    known = np.array(list(values))
    low, high = (_percent(value).removesuffix("%") for value in (known.min(), known.max()))
    spread = " (one seed)" if len(known) == 1 else f" ({low} to {high})" if low != high else ""
    return _percent(known.mean()) + spread


def _percent(value: float) -> str:
    return f"{number(100 * value, 3)}%"


def _floor(rows: pd.DataFrame) -> Cell:
    shares = (rows["floor"] / rows["truth"]).astype(float)
    words = f"{number(shares.median(), 2)} ({number(shares.min(), 2)} to {number(shares.max(), 2)})"
    return Cell(words, float(shares.median()))


def _published(method: str) -> list[Cell]:
    if method not in PUBLISHED:
        return [Cell(NOTHING), Cell(NOTHING)]
    cosine, error = PUBLISHED[method]
    return [Cell(f"{cosine:.2f}", cosine), Cell(f"{error}%", error)]
