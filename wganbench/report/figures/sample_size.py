"""How biased exact W1 of n samples and critics trained on n samples are, by n and dimension."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D

from wganbench.gather.study import EXACT, only_varying, ratios, shown
from wganbench.report.style.axes import (
    RANGE,
    hidden,
    logarithmic,
    placed,
    spread,
    target,
    target_handles,
)
from wganbench.report.style.blocks import Figure, Finding, to_svg
from wganbench.report.style.looks import INK, drawing, ordered_looks
from wganbench.report.style.wording import mean_range, number

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
    name, title = "study-samples", "How many samples?"
    findings = _findings(table)
    with drawing():
        figure = _panels(table)
        markup = to_svg(figure, name, title, findings)
    methods = ", ".join(dict.fromkeys(table["label"]))
    caption = (
        f"{RANGE}The critic ({methods}) saw n training samples of each law, the same for every "
        "seed, and its estimate is taken on n held-out ones: the seeds' spread leaves the samples' "
        "chance out. Exact W1 is the mean over fresh samples, its bar their standard deviation. "
        "Dotted, without marks: the floor, exact W1 between two samples of n of one law. "
        f"{hidden(table, COLUMNS)}"
    )
    data = shown(table, SIZE, "w1_fresh", "w1_fresh_sd")
    yield Figure(name, title, findings, caption, markup, data)


def _panels(table: pd.DataFrame) -> Drawing:
    looks = ordered_looks(table["dim"])
    figure, grid = plt.subplots(1, 3, figsize=(11.2, 3.3), sharey=True, layout="constrained")
    for axes, (column, words) in zip(grid, COLUMNS.items(), strict=True):
        target(axes)
        for dim, (colour, marker) in looks.items():
            of = table[table["dim"] == dim]
            if column != "w1_fresh":
                spread(axes, of, SIZE, f"over {column}", colour, marker)
            else:
                means = of.groupby(SIZE)[["over w1_fresh", "over w1_fresh_sd"]].mean()
                bars = means["over w1_fresh_sd"]
                axes.errorbar(means.index, means["over w1_fresh"], bars, c=colour, marker=marker)
                floor = of.groupby(SIZE)["over floor"].mean()
                axes.plot(floor.index, floor, c=colour, ls=":", lw=1.2)
        placed(axes, table[SIZE])
        axes.set(title=words, xlabel="samples n of each law")
    values = [value for column in (*COLUMNS, "floor") for value in table[f"over {column}"]]
    logarithmic(grid[0].yaxis, values)
    grid[0].set_ylabel("estimate / true W1")
    handles = [
        Line2D([], [], c=colour, marker=marker, label=f"D = {dim:g}")
        for dim, (colour, marker) in looks.items()
    ]
    handles.append(Line2D([], [], c=INK, ls=":", lw=1.2, label="floor / true W1"))
    figure.legend(handles=handles + target_handles(), loc="outside upper left", ncols=7)
    return figure


def _findings(table: pd.DataFrame) -> list[Finding]:
    values: dict[str, dict[str, str]] = {}
    for dim, of_dim in table.groupby("dim"):
        for column, words in COLUMNS.items():
            if column != "w1_fresh":
                values[f"D = {dim:g}, {words}"] = {
                    f"n = {n:,}": mean_range(of[f"over {column}"], 3)
                    for n, of in of_dim.groupby(SIZE)
                }
        values[f"D = {dim:g}, {EXACT}, ± sd over fresh samples"] = {
            f"n = {n:,}": f"{number(of['over w1_fresh'].mean())} ± "
            f"{number(of['over w1_fresh_sd'].mean())}"
            for n, of in of_dim.groupby(SIZE)
        }
        values[f"D = {dim:g}, floor"] = {
            f"n = {n:,}": number(of["over floor"].mean()) for n, of in of_dim.groupby(SIZE)
        }
    return [Finding("Multiples of the true W1, mean (smallest to largest) over seeds", values)]
