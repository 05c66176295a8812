"""The estimator study's table of errors, beside those of [KSB]."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from wganbench.gather.study import ESTIMATORS, EXACT, EXPLAINED, comparing, errors
from wganbench.report.style.blocks import Cell, Table
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
    rows = []
    for known, group in ((True, table[table["known"]]), (False, table[~table["known"]])):
        if group.empty:
            continue
        words = _group(group, known)
        rows += [
            _method_row(words, label, group[group["label"] == label], known)
            for label in in_order(group["label"])
        ]
        if known:
            rows.append(_exact_row(words, group))
    raw, *others = (f"{words}, error" for words in ESTIMATORS.values())
    columns = [
        *("pairs", "method", raw, "[KSB] W1 error", "gradient cosine", "[KSB] cosine", *others),
        *("gradient L2", "floor / reference", "seconds"),
    ]
    yield Table(
        "study-errors", "Errors by method and estimator", f"{EXPLAINED} {_CAPTION}", columns, rows,
        behind=sorted(set(table["run"])),
    )  # fmt: skip


def _group(group: pd.DataFrame, known: bool) -> str:
    if known:
        dims = ", ".join(f"{dim:g}" for dim in sorted(group["dim"].unique()))
        return f"W1 known, D = {dims}"
    return f"plane: {', '.join(dict.fromkeys(group['pair']))}"


def _method_row(words: str, label: str, of: pd.DataFrame, known: bool) -> list[Cell]:
    of = of.assign(**{f"error {name}": errors(of, name) for name in ESTIMATORS})
    method = str(of["method"].iloc[0])
    is_theirs = known and "(" not in label  # a variant of the method is none of their solvers
    published_cosine, published_error = _published(method if is_theirs else "")
    raw, *others = (_cell(of, f"error {name}", _percent) for name in ESTIMATORS)
    return [
        Cell(words),
        Cell(label),
        raw,
        published_error,
        _cell(of, "gradient_cosine"),
        published_cosine,
        *others,
        _cell(of, "gradient_l2"),
        _floor(of),
        _cell(of, "seconds"),
    ]


def _exact_row(words: str, group: pd.DataFrame) -> list[Cell]:
    """Return the row of discrete OT; its samples are the same for all methods and seeds."""
    pairs = group.drop_duplicates("pair")
    error = float(errors(pairs, "w1").median())
    empty = Cell("")
    published_cosine, published_error = _published(EXACT)
    return [
        Cell(words),
        Cell(EXACT),
        Cell(_percent(error), error),
        published_error,
        empty,
        published_cosine,
        *[empty] * len(ESTIMATORS),  # the other estimators' errors and L2
        _floor(group),
        empty,
    ]


def per_seed(of: pd.DataFrame, column: str) -> pd.Series:
    """Return the median over pairs for each seed."""
    finite = of[np.isfinite(of[column].astype(float))]
    medians: pd.Series = finite.groupby("seed")[column].median()
    return medians


def _cell(of: pd.DataFrame, column: str, unit: Callable[[float], str] | None = None) -> Cell:
    values = per_seed(of, column)
    if values.empty:
        return Cell(NOTHING)
    if unit is None:
        return Cell(mean_range(values), float(values.mean()))
    text = unit(values.mean())
    low, high = (unit(value).removesuffix("%") for value in (values.min(), values.max()))
    text += " (one seed)" if len(values) == 1 else f" ({low} to {high})" if low != high else ""
    return Cell(text, float(values.mean()))


def _percent(value: float) -> str:
    return f"{number(100 * value, 3)}%"


def _floor(of: pd.DataFrame) -> Cell:
    shares = (of["floor"] / of["truth"]).astype(float)
    words = f"{number(shares.median(), 2)} ({number(shares.min(), 2)} to {number(shares.max(), 2)})"
    return Cell(words, float(shares.median()))


def _published(method: str) -> list[Cell]:
    if method not in PUBLISHED:
        return [Cell(NOTHING), Cell(NOTHING)]
    cosine, error = PUBLISHED[method]
    return [Cell(f"{cosine:.2f}", cosine), Cell(f"{error}%", error)]
