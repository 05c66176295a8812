"""Why interpolates: estimates and slopes of critics by where their penalty looks."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from wganbench.claims.judging.gates import RESOLVED
from wganbench.gather.load import Results
from wganbench.gather.measures import measured
from wganbench.gather.study import ends, errors, ratios, varying
from wganbench.plan.configuration import Configuration
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn, rows_of
from wganbench.report.style.looks import INK, MUTED, colours
from wganbench.report.style.marks import RANGE, entry, logarithmic, target, target_handles
from wganbench.report.style.wording import mean_range, number

AXIS = "constraint.sides"  # of the grid that compares penalty points
# By the constraint's points or name: what a reader calls it, from coupled points outwards.
KINDS = {
    "coupled-penalty": "between coupled points",
    "interpolates": "between independent points [GP]",
    "data": "at real points",
    "near-data-penalty": "near real points",
    "generated": "at the model's points",
    "uniform-penalty": "anywhere in the box",
}
SIDES = {"two": ("WGAN-GP", "two-sided"), "one": ("WGAN-LP", "one-sided")}
SLOPES = {"coupled_slope": "coupled lines", "independent_slope": "independent lines"}
NORM = "gradient_norm_interpolates"
WIDTH, ROW = 1.75, 0.36  # inches
_DATA = (
    *("run", "points", "sides", "pair", "seed", "truth", "w1", "floor", "estimate_heldout"),
    *("raw", *SLOPES, NORM),
)
_CAPTION = (
    f"{RANGE}By the points at which the penalty (weight 10) looks. Estimate: E f(real) - E "
    "f(model) on held-out samples over the true W1, or the exact W1 of the samples where that is "
    "unknown; logarithmic; a floor that lies off an axis is not drawn. Slope: (f(x) - f(y)) / "
    "|x - y|, mean over the pairs that the optimal plan of held-out samples couples, and over all "
    f"pairs, on pairs of laws whose floor is at most {RESOLVED:g} W1. Solid line: the optimal "
    "critic, had from other samples. A slope along a line is no gradient norm: that of the "
    "optimal critic is 1 nearly everywhere, on independent lines too, but it does not point along "
    "them. "
)


def penalty_points_figures(study: Results, name: str) -> Iterator[Figure]:
    """Yield the figure of critics that are compared by where their penalty looks."""
    table = ends(study)
    table = table[table["experiment"].isin(set(varying(table, AXIS)["experiment"]))]
    table = table.sort_values(["known", "dim"], kind="stable")
    if table.empty:
        return
    known = {run: _looks_at(study.runs[run].configuration) for run in table["run"].unique()}
    table = table.assign(
        points=[known[run][0] for run in table["run"]],
        sides=[known[run][1] for run in table["run"]],
        raw=ratios(table, "estimate_heldout"),
    )
    best = _optimal(study, table)
    title = "Why interpolates? Estimates and slopes by where the penalty looks"
    yield drawn(
        name, title, list(_findings(table, best)), _CAPTION + _hidden(table), table[list(_DATA)],
        lambda: _drawing(table, best),
    )  # fmt: skip


def _looks_at(configuration: Configuration) -> tuple[str, str]:
    """Return where a constraint's penalty looks, a key of `KINDS`, and its sides."""
    name = configuration.get("constraint.name")
    points = configuration.get("constraint.points") or name
    sides = "one" if name == "one-sided-penalty" else configuration.get(AXIS) or "two"
    return str(points), str(sides)


def _resolved(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["floor"] <= RESOLVED * table["w1"]].dropna(subset=list(SLOPES))


def _optimal(study: Results, table: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Return the optimal critic's mean slope by pair and kind of line."""
    firsts = _resolved(table).drop_duplicates("pair").set_index("pair")["run"]
    part = study.select(firsts)
    found: dict[tuple[str, str], float] = {}
    for slope in SLOPES:
        values = measured(part, f"optimal_{slope}").groupby("run")["value"].mean()
        found |= {(str(pair), slope): values[run] for pair, run in firsts.items() if run in values}
    return found


def _hidden(table: pd.DataFrame) -> str:
    lost = int((table["raw"] <= 0).sum())
    return f"{lost} of {len(table)} estimates are 0 or negative and not drawn. " if lost else ""


def _findings(table: pd.DataFrame, best: dict[tuple[str, str], float]) -> Iterator[Finding]:
    parts = {
        (words, told): part
        for kind, words in KINDS.items()
        for sides, (_, told) in SIDES.items()
        if len(part := table[(table["points"] == kind) & (table["sides"] == sides)])
    }
    off = [
        (words, told, number(errors(part, "estimate_heldout").mean(), 2))
        for (words, told), part in parts.items()
    ]
    yield Finding("Relative error of the raw estimate, mean over pairs and seeds", rows_of(off))
    values = {
        f"{words}, {told}": _by_pair(part, part["raw"]) for (words, told), part in parts.items()
    }
    values["floor"] = _by_pair(table, ratios(table, "floor"))
    yield Finding("Raw estimate over W1, mean (smallest to largest) over seeds", values)
    norms = {
        f"{words}, {told}": _by_pair(part, part[NORM]) for (words, told), part in parts.items()
    }
    yield Finding("Mean gradient norm on interpolates of independent points", norms)
    slopes = {
        pair: {words: number(best[pair, slope], 2) for slope, words in SLOPES.items()}
        for pair in dict.fromkeys(pair for pair, _ in best)
    }
    if slopes:
        yield Finding("Mean slope of the optimal critic", slopes)


def _by_pair(table: pd.DataFrame, values: pd.Series) -> dict[str, str]:
    return {str(pair): mean_range(v, 2) for pair, v in values.groupby(table["pair"], sort=False)}


def _drawing(table: pd.DataFrame, best: dict[tuple[str, str], float]) -> Drawing:
    kinds = [kind for kind in KINDS if kind in set(table["points"])]
    pairs = list(dict.fromkeys(table["pair"]))
    sloped = list(dict.fromkeys(_resolved(table)["pair"]))
    lines = [(pair, column) for pair in sloped for column in (*SLOPES, NORM)]
    columns = max(len(pairs), len(lines))
    size = (WIDTH * columns + 2.6, 2 * (ROW * len(kinds) + 0.9) + 0.3)
    figure, grid = plt.subplots(2, columns, figsize=size, sharey=True, squeeze=False)
    for axes, pair in zip(grid[0], pairs, strict=False):
        rows = table[(table["pair"] == pair) & (table["raw"] > 0)]
        target(axes, vertical=True)
        _panel(axes, rows, kinds, "raw")
        axes.axvline(ratios(rows, "floor").mean(), c=INK, ls=":", lw=1)
        logarithmic(axes.xaxis, rows["raw"], 1.0)
        axes.set(title=pair, xlabel="estimate / W1")
    for axes, (pair, column) in zip(grid[1], lines, strict=False):
        _panel(axes, table[table["pair"] == pair], kinds, column)
        axes.axvline(1, c=INK, ls="--", lw=1)
        if (pair, column) in best:
            axes.axvline(best[pair, column], c=MUTED, lw=1.4)
        what = "gradient norm |∇f|" if column == NORM else "slope"
        where = SLOPES.get(column, SLOPES["independent_slope"])
        axes.set(title=f"{pair}\n{where}", xlabel=what)
        axes.set_xlim(min(0.0, axes.get_xlim()[0]), max(1.1, axes.get_xlim()[1]))
    for axes in [*grid[0][len(pairs) :], *grid[1][len(lines) :]]:
        axes.set_visible(False)
    for row in grid:
        row[0].set_yticks(range(len(kinds)), [KINDS[kind] for kind in kinds])
    grid[0, 0].invert_yaxis()
    ink = colours(label for label, _ in SIDES.values())
    marks = [
        entry(words, c=ink[label], marker="o" if sides == "two" else "D", ls="")
        for sides, (label, words) in SIDES.items()
    ]
    marks.append(entry("optimal critic", c=MUTED, lw=1.4))
    marks.append(entry("floor / W1", c=INK, ls=":", lw=1))
    figure.legend(handles=marks + target_handles(), loc="outside upper left", ncols=6)
    return figure


def _panel(axes: Axes, table: pd.DataFrame, kinds: list[str], column: str) -> None:
    """Draw a row for each kind of points, both sides a little apart."""
    ink = colours(label for label, _ in SIDES.values())
    for sides, (label, _) in SIDES.items():
        part = table[table["sides"] == sides]
        for points, seeds in part.dropna(subset=[column]).groupby("points"):
            height = kinds.index(str(points)) + (0.15 if sides == "one" else -0.15)
            values, marker = seeds[column], "o" if sides == "two" else "D"
            axes.hlines(height, values.min(), values.max(), color=ink[label], lw=1.2)
            axes.plot(values.mean(), height, marker, c=ink[label], ms=5)
