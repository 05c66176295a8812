"""How biased exact W1 of n samples and critics trained on n samples are, by n and dimension."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D

from wganbench.gather.study import EXACT, only_varying, ratios, shown
from wganbench.report.style import marks
from wganbench.report.style.blocks import Figure, Finding, drawn, worded
from wganbench.report.style.looks import INK, ordered_looks
from wganbench.report.style.wording import number

SIZE = "train_samples"
COLUMNS = {"w1_fresh": EXACT, "estimate_heldout": "critic, raw", "normalised": "critic, normalised"}


def sample_size_figures(ends: pd.DataFrame) -> Iterator[Figure]:
    """Yield the figure of the runs that vary the number of training samples alone."""
    rows = only_varying(ends, SIZE)
    table = rows[rows["known"]]
    if table.empty:
        return
    table = table.assign(
        **{f"over {c}": ratios(table, c) for c in (*COLUMNS, "w1_fresh_sd", "floor")}
    )
    methods = ", ".join(dict.fromkeys(table["label"]))
    caption = (
        f"{marks.RANGE}The critic ({methods}) saw n training samples of each law, the same for "
        "every seed, and its estimate is taken on n held-out ones: the seeds' spread leaves the "
        "samples' chance out. Exact W1 is the mean over fresh samples, its bar their standard "
        "deviation. Dotted, without marks: the floor, exact W1 between two samples of n of one "
        f"law. {marks.hidden(table, COLUMNS)}"
    )
    data = shown(table, SIZE, "w1_fresh", "w1_fresh_sd")
    yield drawn(
        "study-samples", "How many samples?", list(_findings(table)), caption, data,
        lambda: _drawing(table),
    )  # fmt: skip


def _drawing(table: pd.DataFrame) -> Drawing:
    looks = ordered_looks(table["dim"])
    figure, grid = plt.subplots(1, 3, figsize=(11.2, 3.3), sharey=True)
    for axes, (column, words) in zip(grid, COLUMNS.items(), strict=True):
        marks.target(axes)
        for dim, (colour, marker) in looks.items():
            rows = table[table["dim"] == dim]
            if column == "w1_fresh":
                _exact(axes, rows, colour, marker)
            else:
                marks.positive_bars(axes, rows, SIZE, f"over {column}", c=colour, marker=marker)
        marks.placed(axes, table[SIZE])
        axes.set(title=words, xlabel="samples n of each law")
    values = [value for column in (*COLUMNS, "floor") for value in table[f"over {column}"]]
    marks.logarithmic(grid[0].yaxis, values)
    grid[0].set_ylabel("estimate / true W1")
    entries = marks.handles({f"D = {dim:g}": look for dim, look in looks.items()})
    entries.append(Line2D([], [], c=INK, ls=":", lw=1.2, label="floor / true W1"))
    figure.legend(handles=entries + marks.target_handles(), loc="outside upper left", ncols=7)
    return figure


def _exact(axes: Axes, rows: pd.DataFrame, colour: str, marker: str) -> None:
    """Draw exact W1 of fresh samples with its standard deviation, and its floor."""
    means = rows.groupby(SIZE)[["over w1_fresh", "over w1_fresh_sd", "over floor"]].mean()
    sd = means["over w1_fresh_sd"]
    axes.errorbar(means.index, means["over w1_fresh"], sd, c=colour, marker=marker)
    axes.plot(means.index, means["over floor"], c=colour, ls=":", lw=1.2)


def _findings(table: pd.DataFrame) -> Iterator[Finding]:
    values: dict[str, dict[str, str]] = {}
    for dim, rows in table.groupby("dim"):
        for column in ("estimate_heldout", "normalised"):
            values[f"D = {dim:g}, {COLUMNS[column]}"] = worded(
                rows, SIZE, f"over {column}", heading="n = {:,}"
            )
        means = rows.groupby(SIZE)[["over w1_fresh", "over w1_fresh_sd", "over floor"]].mean()
        values[f"D = {dim:g}, {EXACT}, ± sd over fresh samples"] = {
            f"n = {n:,}": f"{number(mean)} ± {number(sd)}"
            for n, mean, sd in zip(means.index, *(means[c] for c in list(means)[:2]), strict=True)
        }
        values[f"D = {dim:g}, floor"] = {
            f"n = {n:,}": number(floor) for n, floor in means["over floor"].items()
        }
    yield Finding("Multiples of the true W1, mean (smallest to largest) over seeds", values)
