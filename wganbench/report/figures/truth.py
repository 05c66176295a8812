"""Estimates as multiples of the truth: by method and dimension, and by method in the plane."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from wganbench.gather.study import ESTIMATORS, EXACT, EXPLAINED, ratios, shown
from wganbench.report.style import marks
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn, worded
from wganbench.report.style.looks import INK, MUTED, by_label, in_order, looks, ordered_looks
from wganbench.report.style.wording import listed, mean_range, number

PANEL = 3.0  # inches
ROW = 0.3  # inches per method
ASIDE = 1.035  # factor by which methods at one dimension stand apart
CONSTANT = "c-transform of a constant critic"
_DIMENSION_CAPTION = (
    f"{marks.RANGE}Logarithmic axes, each panel with its own vertical scale; methods stand a "
    f"little aside. {EXPLAINED} Crosses: exact W1 of as many samples, drawn as one more estimator; "
    "it is biased up where its floor is high, and bounds the c-transform and "
    "the certified estimate, so that these may exceed the true W1 where it does. "
)
_PLANE_CAPTION = (
    "Each law in the plane against itself plus Gaussian noise. One mark per seed, so that "
    "their extent is the whole range over seeds; the reference is exact W1 of the same "
    f"samples. {EXPLAINED} "
)


def truth_figures(ends: pd.DataFrame) -> Iterator[Figure]:
    """Yield the figures for which there are runs."""
    columns = (*ESTIMATORS, "w1", "floor", "constant")
    table = ends.assign(**{f"over {name}": ratios(ends, name) for name in columns})
    known, plane = table[table["known"]], table[~table["known"]]
    if len(known):
        yield drawn(
            "study-dimension", "Estimate over the true W1, by method and dimension",
            list(_over_truth(known)), _DIMENSION_CAPTION + marks.hidden(known, ESTIMATORS),
            shown(known, "constant"), lambda: _by_dimension(known),
        )  # fmt: skip
    if len(plane):
        yield drawn(
            "study-plane", "Estimate over exact W1, by method in the plane",
            _over_exact(plane), _PLANE_CAPTION + marks.hidden(plane, ESTIMATORS),
            shown(plane, "constant"), lambda: _in_the_plane(plane),
        )  # fmt: skip


def _over_truth(table: pd.DataFrame) -> Iterator[Finding]:
    for name, words in ESTIMATORS.items():
        values = {
            f"D = {dim:g}": {
                **worded(rows, "label", f"over {name}"),
                EXACT: listed([number(value) for value in rows["over w1"].drop_duplicates()]),
                "its floor": number(rows["over floor"].mean(), 2),
            }
            for dim, rows in table.dropna(subset=[f"over {name}"]).groupby("dim")
        }
        if values:
            yield Finding(f"{words[0].upper()}{words[1:]} estimate over true W1", values)


def _over_exact(table: pd.DataFrame) -> list[Finding]:
    several = len(set(table["pair"])) > 1
    values = {
        f"{pair}, {label}" if several else label: {
            words: mean_range(rows[f"over {name}"]) for name, words in ESTIMATORS.items()
        }
        for pair, on_pair in table.groupby("pair", sort=False)
        for label, rows in by_label(on_pair)
    }
    statement = (
        "Estimate over exact W1 of the same samples, mean (smallest to largest) over seeds; the "
        f"floor is {number(table['over floor'].mean(), 2)} of it"
    )
    return [Finding(statement, values)]


def _by_dimension(table: pd.DataFrame) -> Drawing:
    size = (2 * 1.6 * PANEL + 0.6, 2 * PANEL)
    figure, grid = plt.subplots(2, 2, figsize=size, sharex=True)
    for axes, (key, words) in zip(grid.flat, ESTIMATORS.items(), strict=True):
        _dimension_panel(axes, table, key)
        axes.set(title=f"{words} estimate", ylabel="estimate / true W1")
    for axes in grid[1]:
        axes.set_xlabel("dimension D")
    entries = marks.handles(looks(table["label"]), ms=6)
    entries.append(marks.entry(c=INK, ls=":", marker="x", ms=7, label=EXACT))
    entries.append(marks.entry(c=MUTED, ls="-.", lw=1.2, marker="_", label=CONSTANT))
    figure.legend(handles=entries + marks.target_handles(), loc="outside upper left", ncols=4)
    return figure


def _dimension_panel(axes: Axes, table: pd.DataFrame, key: str) -> None:
    marks.target(axes)
    marks.bars_by(axes, table, "dim", f"over {key}", "label", looks(table["label"]), ASIDE)
    marks.positive_bars(axes, table, "dim", "over w1", c=INK, marker="x", ls=":")
    axes.plot(table["dim"], table["over w1"], ls="", marker="x", c=INK, mew=1.5, ms=7)
    also: list[float] = []
    if key == "c_transform":
        marks.positive_bars(axes, table, "dim", "over constant", c=MUTED, marker="_", ls="-.")
        also = [*table["over constant"]]
    marks.placed(axes, table["dim"])
    marks.logarithmic(axes.yaxis, [*table[f"over {key}"], *table["over w1"], *also], 0.8, 1.25)


def _in_the_plane(table: pd.DataFrame) -> Drawing:
    labels, pairs = in_order(table["label"]), list(dict.fromkeys(table["pair"]))
    known = dict(zip(pairs, ordered_looks(range(len(pairs))).values(), strict=True))
    size = (4 * 2.6 + 1.8, 1.3 + ROW * len(labels) * max(1, 0.6 * len(pairs)))
    figure, grid = plt.subplots(1, 4, figsize=size, sharey=True)
    for axes, (key, words) in zip(grid, ESTIMATORS.items(), strict=True):
        column = f"over {key}"
        marks.target(axes, vertical=True)
        for k, (pair, (colour, marker)) in enumerate(known.items()):
            aside = (k - (len(pairs) - 1) / 2) * 0.6 / len(pairs)
            rows = table[(table["pair"] == pair) & (table[column] > 0)]
            y = [labels.index(label) + aside for label in rows["label"]]
            axes.plot(rows[column], y, ls="", c=colour, marker=marker, ms=5)
        axes.axvline(table["over floor"].mean(), c=INK, ls=":", lw=1)
        if key == "c_transform":
            for constant in sorted(set(table["over constant"].dropna())):
                axes.axvline(constant, c=MUTED, ls="-.", lw=1.2)
        marks.logarithmic(axes.xaxis, [*table[column], *table["over floor"]], 0.8, 1.25)
        axes.set(title=f"{words} estimate", xlabel="estimate / exact W1")
    grid[0].set_yticks(range(len(labels)), labels)
    grid[0].invert_yaxis()
    entries = marks.handles(known, ls="")
    entries.append(marks.entry(c=INK, ls=":", lw=1, label="floor / exact W1 (mean)"))
    entries.append(marks.entry(c=MUTED, ls="-.", lw=1.2, label=CONSTANT))
    figure.legend(handles=entries + marks.target_handles(), loc="outside upper left", ncols=6)
    return figure
