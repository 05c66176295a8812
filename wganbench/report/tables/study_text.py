"""What the estimator study says, in words made from its numbers."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from wganbench.gather.study import BAND, ESTIMATORS, EXACT, ratios
from wganbench.report.style.blocks import Finding, Statement
from wganbench.report.style.looks import in_order
from wganbench.report.style.wording import count, listed, number

NONE = "none"
TRIVIAL = "trivial"
_CAPTION = (
    "An estimator is within 10% where the whole range of at least two seeds is; up to a dimension, "
    "where it is so at every smaller dimension too; inconclusive, where some seeds are within and "
    "others are not, or where there are fewer than two. Estimates of one method are of the same "
    "critics. A c-transform within 10% does not count where a constant critic's, the mean distance "
    "to the nearest real sample, is so too: it is no merit of the critic. Where the true W1 is not "
    "known, exact W1 of the same samples is the reference."
)


def study_statement(ends: pd.DataFrame) -> Iterator[Statement]:
    """Yield what is within 10% of the truth and what is inconclusive.

    Args:
        ends: rows that compare methods, with the constant critic's c-transform.
    """
    table = ends
    findings = [*_known(table[table["known"]]), *_plane(table[~table["known"]])]
    if findings:
        findings += [*_constant(table), *_budgets(table)]
        runs = sorted(set(table["run"]))
        yield Statement("study-answer", "Which estimates are W1?", findings, _CAPTION, runs)


def state(values: pd.Series) -> str:
    """Say whether all seeds' multiples of the reference are within the band.

    Returns:
        `within`, `outside` or `inconclusive`.
    """
    inside = (values - 1).abs() <= BAND
    if len(values) >= 2 and inside.all():
        return "within"
    if inside.any() or len(values) < 2:
        return "inconclusive"
    return "outside"


def reach(states: Mapping[float, str]) -> float | None:
    """Return the largest dimension up to which every dimension is within, None if none is."""
    reached = None
    for dim in sorted(states):
        if states[dim] != "within":
            break
        reached = dim
    return reached


def states(of: pd.DataFrame, column: str, place: str) -> dict[Any, str]:
    """Return the state at each dimension or pair; a value that is missing is outside.

    It is `trivial` for a c-transform that is within where a constant critic's is so too.
    """
    multiples = ratios(of, column).astype(float).replace(-np.inf, np.nan).fillna(np.inf)
    found: dict[Any, str] = {at: state(values) for at, values in multiples.groupby(of[place])}
    if column == "c_transform":
        constant = (ratios(of, "constant") - 1).abs().groupby(of[place]).max() <= BAND
        found |= {at: TRIVIAL for at, s in found.items() if s == "within" and constant[at]}
    return found


def _known(table: pd.DataFrame) -> Iterator[Finding]:
    """Say up to which dimension each method's estimates are within the band."""
    if table.empty:
        return
    largest = table["dim"].max()
    values: dict[str, dict[str, str]] = {}
    short = []
    for column, words in ESTIMATORS.items():
        of_all = table.dropna(subset=[column])
        row = {
            label: _verdict(states(of, column, "dim"), largest)
            for label in in_order(of_all["label"])
            if len(of := table[table["label"] == label])
        }
        within = [f"{label} {text.split(';')[0]}" for label, text in row.items() if "up to" in text]
        short.append(f"{words}: {listed(within) or NONE}")
        if row:
            values[words] = row
    exact = table.drop_duplicates(["pair", "w1"])
    multiples = [
        f"{number(low)}{f' to {number(high)}' if high > low else ''} at D = {dim:g}"
        for dim, low, high in (
            (dim, of.min(), of.max()) for dim, of in ratios(exact, "w1").groupby(exact["dim"])
        )
    ]
    yield Finding(f"Within 10% of the true W1 in every seed: {'; '.join(short)}", _turned(values))
    yield Finding(f"E{EXACT[1:]} is {listed(multiples)} times the true W1")


def _verdict(found: Mapping[float, str], largest: float) -> str:
    reached = reach(found)
    text = NONE
    if reached is not None:
        text = f"up to D = {reached:g}{' (the largest here)' if reached == largest else ''}"
    beyond = [f"{d:g}" for d, s in sorted(found.items()) if s == "within" and d > (reached or 0)]
    unclear = [f"{dim:g}" for dim, s in sorted(found.items()) if s == "inconclusive"]
    trivial = [f"{dim:g}" for dim, s in sorted(found.items()) if s == TRIVIAL]
    also = f"; within again at D = {listed(beyond)}" if beyond else ""
    also += f"; at D = {listed(trivial)} within, as is a constant critic" if trivial else ""
    return text + also + (f"; inconclusive at D = {listed(unclear)}" if unclear else "")


def _plane(table: pd.DataFrame) -> Iterator[Finding]:
    """Say on which laws in the plane each method's estimates are within the band."""
    if table.empty:
        return
    values: dict[str, dict[str, str]] = {}
    for column, words in ESTIMATORS.items():
        of_all = table.dropna(subset=[column])
        row = {
            label: _on_laws(table[table["label"] == label], column)
            for label in in_order(of_all["label"])
        }
        if row:
            values[words] = row
    short = [
        f"{words}: {listed([label for label, on in row.items() if on.startswith('on')]) or NONE}"
        for words, row in values.items()
    ]
    yield Finding(
        f"In the plane, within 10% of exact W1 in every seed: {'; '.join(short)}", _turned(values)
    )


def _turned(values: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return a row for each method, a column for each estimator."""
    labels = in_order(label for row in values.values() for label in row)
    return {
        label: {words: row[label] for words, row in values.items() if label in row}
        for label in labels
    }


def _on_laws(of: pd.DataFrame, column: str) -> str:
    found = states(of, column, "pair")
    within = [str(pair) for pair, s in found.items() if s == "within"]
    unclear = [str(pair) for pair, s in found.items() if s == "inconclusive"]
    trivial = [str(pair) for pair, s in found.items() if s == TRIVIAL]
    text = f"on {listed(within)}" if within else NONE
    text += f"; on {listed(trivial)} within, as is a constant critic" if trivial else ""
    return text + (f"; inconclusive on {listed(unclear)}" if unclear else "")


def _constant(table: pd.DataFrame) -> Iterator[Finding]:
    """Say what a c-transform is without a critic."""
    firsts = table.drop_duplicates("pair").dropna(subset=["constant"]).sort_values("dim")
    shares = ratios(firsts, "constant").astype(float)
    words = {str(pair): number(of) for pair, of in zip(firsts["pair"], shares, strict=True)}
    if words:
        yield Finding("The c-transform of a constant critic over the reference", {"": words})


def _budgets(table: pd.DataFrame) -> Iterator[Finding]:
    """Say how many critics used their budget up, so that their estimates may not be final."""
    spent = int((~table["stopped"].astype(bool)).sum())
    if spent:
        yield Finding(
            f"{count(spent, 'critic')} of {len(table)} trained to the end of the budget without "
            "meeting the stopping rule, or had none: what they report may not be their optimum"
        )
