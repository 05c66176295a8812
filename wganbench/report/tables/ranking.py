"""Methods that were tuned alike: how far from the data each ends, and how probably nearer."""

from collections.abc import Sequence

import numpy as np

from wganbench.gather.aggregates import Estimate
from wganbench.report.fields import NAMES, Field, LeftOut, Pair
from wganbench.report.style.blocks import Cell, Table, TableRow, tabulated
from wganbench.report.style.wording import INFINITE, NOTHING, count, listed, number, with_interval

MOST_NAMED = 6  # methods that a table names in one cell
_STANDINGS = (
    "The {measure} at the end over its floor, which is what two samples of the data have: 1 is as "
    "near as can be told. First the geometric interquartile mean over all tasks and seeds, with "
    "its 95% interval; then the median over seeds on each task. A replica that diverged counts as "
    "infinitely far. {settings} Where a chosen setting was the smallest or the largest of those "
    "tried, the method may do better beyond."
)
_PAIRS = (
    "The probability that a run of the one ends nearer to the data than a run of the other, mean "
    "over tasks, with its 95% interval, which beyond .9 covers in 88% of cases or more; ½ if "
    "neither leads. A method is called nearer where the interval does not reach ½{only}. Pairs "
    "are many, and of twenty equal ones one may be called so by chance."
)
_ONLY = (
    "; of so many methods only the one with the smallest mean is paired with each other one, and "
    "leads by chance too, as it was picked on these seeds"
)
_LEFT_OUT = (
    "A ranking of methods that are not tuned alike would rank their settings. These runs are on "
    "the pages of their experiments, as configured."
)


def _estimated(estimate: Estimate, digits: int = 3) -> Cell:
    """Return a number with its interval, sorted by the number."""
    return Cell(with_interval(*estimate, digits), estimate.value)


def standings_table(field: Field, name: str) -> Table:
    """Return a row for each method, the smallest interquartile mean first."""
    settings = listed(
        [f"{count(n, 'setting')} for each method ({name})" for name, n in field.settings.items()]
    )
    return tabulated(
        name,
        "How far from the data",
        _STANDINGS.format(
            measure=NAMES[field.measure], settings=f"Tuned alike: chosen from {settings}."
        ),
        [_standing(field, method, mean) for method, mean in field.standings.items()],
        field.scores["run"],
    )


def pairs_table(field: Field, name: str) -> Table:
    """Return a row for each pair of methods."""
    only = "" if field.has_all_pairs else _ONLY
    rows = [_pair(pair) for pair in field.pairs]
    return tabulated(name, "How probably nearer", _PAIRS.format(only=only), rows)


def left_out_table(left_out: Sequence[LeftOut], name: str) -> Table:
    """Return what is not compared, an experiment's runs with one reason in a row."""
    rows: list[TableRow] = [
        {"experiment": one.experiment, "methods": _named(one.methods), "why": one.reason}
        for one in left_out
    ]
    runs = (run for one in left_out for run in one.runs)
    return tabulated(name, "Not compared", _LEFT_OUT, rows, runs)


def _named(methods: Sequence[str]) -> str:
    more = len(methods) - MOST_NAMED
    return "; ".join([*methods[:MOST_NAMED], *([f"{more} more"] if more > 0 else [])])


def _standing(field: Field, method: str, mean: Estimate) -> TableRow:
    rows = field.scores[field.scores["method"] == method]
    medians = rows.groupby("task")["score"].median()
    lost = int(np.isinf(rows["score"]).sum())
    at_end = list(dict.fromkeys(rows.loc[rows["run"].isin(field.at_end), "task"]))
    everywhere = len(at_end) == len(field.tasks)
    return {
        "method": method,
        "interquartile mean": _estimated(mean),
        **{task: _cell(float(medians[task])) for task in field.tasks if len(field.tasks) > 1},
        "diverged": Cell(f"{lost} of {len(rows)}", lost),
        "chosen at the end of its range": (
            NOTHING if not at_end else "yes" if everywhere else listed(at_end)
        ),
    }


def _cell(value: float) -> Cell:
    return Cell(number(value) if np.isfinite(value) else INFINITE, value)


def _pair(pair: Pair) -> TableRow:
    several = pair.by_task if len(pair.by_task) > 1 else {}
    return {
        "method": pair.ahead,
        "nearer than": pair.other,
        "probability": _estimated(pair.overall, 2),
        **{task: _estimated(one, 2) for task, one in several.items()},
        "finding": pair.finding,
    }
