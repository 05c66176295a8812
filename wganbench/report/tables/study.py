"""The estimator study in words and numbers: what is within 10% of W1, and errors beside [KSB]'s."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import takewhile
from typing import Any

import numpy as np
import pandas as pd

from wganbench.gather.study import BAND, ESTIMATORS, EXACT, EXPLAINED, comparing, errors, ratios
from wganbench.report.style.blocks import (
    Cell,
    Finding,
    Statement,
    Table,
    TableRow,
    measured,
    tabulated,
)
from wganbench.report.style.looks import by_label, in_order
from wganbench.report.style.wording import NOTHING, count, listed, mean_range, number

NONE = "none"
TRIVIAL = "trivial"
_Rows = Mapping[str, Mapping[str, str]]
_ANSWER_CAPTION = (
    "An estimator is within 10% where the whole range of at least two seeds is; up to a dimension, "
    "where it is so at every smaller dimension too; inconclusive, where some seeds are within and "
    "others are not, or where there are fewer than two. Estimates of one method are of the same "
    "critics. A c-transform within 10% does not count where a constant critic's, the mean distance "
    "to the nearest real sample, is so too: it is no merit of the critic. Where the true W1 is not "
    "known, exact W1 of the same samples is the reference."
)
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
_ERRORS_CAPTION = (
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


def study_statement(ends: pd.DataFrame) -> Iterator[Statement]:
    """Yield what is within 10% of the truth and what is inconclusive.

    Args:
        ends: rows that compare methods, with the constant critic's c-transform.
    """
    findings = [*_known(ends[ends["known"]]), *_plane(ends[~ends["known"]])]
    if findings:
        findings += [*_constant(ends), *_budgets(ends)]
        runs = sorted(set(ends["run"]))
        yield Statement("study-answer", "Which estimates are W1?", findings, _ANSWER_CAPTION, runs)


def state(values: pd.Series) -> str:
    """Return whether all seeds' multiples of the reference are within the band.

    Returns:
        `within`, `outside` or `inconclusive`.
    """
    inside = (values - 1).abs() <= BAND
    if len(values) >= 2 and inside.all():
        return "within"
    if inside.any() or len(values) < 2:
        return "inconclusive"
    return "outside"


def states(table: pd.DataFrame, column: str, by: str) -> dict[Any, str]:
    """Return the state at each dimension or pair; a value that is missing is outside.

    It is `trivial` for a c-transform that is within where a constant critic's is so too.
    """
    multiples = ratios(table, column).astype(float).replace(-np.inf, np.nan).fillna(np.inf)
    found: dict[Any, str] = {at: state(values) for at, values in multiples.groupby(table[by])}
    if column == "c_transform":
        constant = (ratios(table, "constant") - 1).abs().groupby(table[by]).max() <= BAND
        found |= {at: TRIVIAL for at, s in found.items() if s == "within" and constant[at]}
    return found


def _within(
    table: pd.DataFrame, by: str, words: Callable[[Mapping[Any, str]], str]
) -> dict[str, dict[str, str]]:
    """Return the states in words, a row for each estimator, a column for each method."""
    return {
        estimator: {
            label: words(states(table[table["label"] == label], column, by))
            for label in in_order(table.loc[table[column].notna(), "label"])
        }
        for column, estimator in ESTIMATORS.items()
    }


def _finding(statement: str, short: Mapping[str, list[str]], full: _Rows) -> Finding:
    """Return a row for each method and a column for each estimator, after the short answer."""
    answer = "; ".join(f"{words}: {listed(labels) or NONE}" for words, labels in short.items())
    labels = in_order(label for row in full.values() for label in row)
    turned = {
        label: {words: row[label] for words, row in full.items() if label in row}
        for label in labels
    }
    return Finding(f"{statement}: {answer}", turned)


def _known(table: pd.DataFrame) -> Iterator[Finding]:
    """Yield up to which dimension each method's estimates are within the band."""
    if table.empty:
        return
    full = _within(table, "dim", partial(_up_to, largest=table["dim"].max()))
    short = {
        words: [f"{k} {text.split(';')[0]}" for k, text in row.items() if "up to" in text]
        for words, row in full.items()
    }
    yield _finding("Within 10% of the true W1 in every seed", short, full)
    exact = table.drop_duplicates(["pair", "w1"])
    spans = ratios(exact, "w1").groupby(exact["dim"]).agg(["min", "max"])
    multiples = [
        f"{number(low)}{f' to {number(high)}' if high > low else ''} at D = {dim:g}"
        for dim, low, high in spans.itertuples()
    ]
    yield Finding(f"E{EXACT[1:]} is {listed(multiples)} times the true W1")


def _up_to(found: Mapping[Any, str], largest: float) -> str:
    """Return the dimension up to which every dimension is within, and what is so beyond it."""
    below = list(takewhile(lambda dim: found[dim] == "within", sorted(found)))
    text = f"up to D = {below[-1]:g}" if below else NONE
    text += " (the largest here)" if below and below[-1] == largest else ""
    for name, words in (
        ("within", "; within again at D = {}"),
        (TRIVIAL, "; at D = {} within, as is a constant critic"),
        ("inconclusive", "; inconclusive at D = {}"),
    ):
        dims = [f"{dim:g}" for dim in sorted(found) if found[dim] == name and dim not in below]
        text += words.format(listed(dims)) if dims else ""
    return text


def _plane(table: pd.DataFrame) -> Iterator[Finding]:
    """Yield on which laws in the plane each method's estimates are within the band."""
    if table.empty:
        return
    full = {words: row for words, row in _within(table, "pair", _on_laws).items() if row}
    short = {
        words: [label for label, text in row.items() if text.startswith("on")]
        for words, row in full.items()
    }
    yield _finding("In the plane, within 10% of exact W1 in every seed", short, full)


def _on_laws(found: Mapping[Any, str]) -> str:
    pairs = {name: [str(pair) for pair, s in found.items() if s == name] for name in found.values()}
    text = f"on {listed(pairs['within'])}" if "within" in pairs else NONE
    if TRIVIAL in pairs:
        text += f"; on {listed(pairs[TRIVIAL])} within, as is a constant critic"
    if "inconclusive" in pairs:
        text += f"; inconclusive on {listed(pairs['inconclusive'])}"
    return text


def _constant(table: pd.DataFrame) -> Iterator[Finding]:
    firsts = table.drop_duplicates("pair").dropna(subset=["constant"]).sort_values("dim")
    shares = ratios(firsts, "constant").astype(float)
    words = {str(pair): number(share) for pair, share in zip(firsts["pair"], shares, strict=True)}
    if words:
        yield Finding("The c-transform of a constant critic over the reference", {"": words})


def _budgets(table: pd.DataFrame) -> Iterator[Finding]:
    """Yield how many critics used their budget up, so that their estimates may not be final."""
    spent = int((~table["stopped"].astype(bool)).sum())
    if spent:
        yield Finding(
            f"{count(spent, 'critic')} of {len(table)} trained to the end of the budget without "
            "meeting the stopping rule, or had none: what they report may not be their optimum"
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
            rows += [pairs | _method_cells(*each, known) for each in by_label(group)]
            rows += [pairs | _exact_cells(group)] if known else []
    caption = f"{EXPLAINED} {_ERRORS_CAPTION}"
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
