"""[GP] proposition 1: slopes of critics along coupled lines and along independent ones."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from wganbench.claims.judging.gates import RESOLVED
from wganbench.gather.load import Results
from wganbench.gather.study import comparing, ends
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn
from wganbench.report.style.looks import INK, by_label, colours, in_order
from wganbench.report.style.marks import RANGE, entry
from wganbench.report.style.wording import mean_range

WIDTH, ROW = 2.4, 0.3  # inches
KINDS = {"coupled": ("o", "coupled pairs"), "independent": ("|", "independent pairs")}
_DATA = (
    *("run", "label", "pair", "seed", "w1", "floor", "coupled_slope", "coupled_slope_error"),
    *("independent_slope", "gradient_norm_max"),
)
_CAPTION = (
    "Slope (f(x) - f(y)) / |x - y| between held-out real x and the model's y at the last "
    "evaluation, over the largest gradient norm, as the scale of a clipped critic is arbitrary. "
    "Dots: mean over the pairs that the optimal plan couples, where an optimal critic has 1 "
    f"(dashed); strokes: over all pairs. {RANGE}Pairs of laws whose floor is above "
    f"{RESOLVED:g} W1 are left out: what their samples couple is chance."
)


def slope_figures(study: Results, name: str) -> Iterator[Figure]:
    """Yield the slopes of critics that are compared on pairs whose samples show the plan."""
    table = comparing(ends(study))[list(_DATA)]
    table = table[table["floor"] <= RESOLVED * table["w1"]].dropna(subset=["coupled_slope"])
    steepest = table["gradient_norm_max"].where(table["gradient_norm_max"] > 0)
    table = table.assign(**{kind: table[f"{kind}_slope"] / steepest for kind in KINDS})
    if table.empty:
        return
    title = "Slopes along coupled and along independent lines"
    yield drawn(name, title, [_finding(table)], _CAPTION, table, lambda: _drawing(table))


def _finding(table: pd.DataFrame) -> Finding:
    values = {
        f"{pair}, {label}": {
            "on coupled lines": mean_range(seeds["coupled_slope"], 2),
            "distance from 1 there": mean_range(seeds["coupled_slope_error"], 2),
            "on independent lines": mean_range(seeds["independent_slope"], 2),
        }
        for pair, rows in table.groupby("pair", sort=False)
        for label, seeds in by_label(rows)
    }
    return Finding("Mean slope of the raw critic, mean (smallest to largest) over seeds", values)


def _drawing(table: pd.DataFrame) -> Drawing:
    pairs = list(dict.fromkeys(table["pair"]))
    labels = in_order(table["label"])
    size = (WIDTH * len(pairs) + 1.8, ROW * len(labels) + 1.1)
    figure, grid = plt.subplots(1, len(pairs), figsize=size, sharey=True, squeeze=False)
    for pair, axes in zip(pairs, grid[0], strict=True):
        _panel(axes, table[table["pair"] == pair], labels)
        axes.set(title=pair, xlabel="slope / largest norm")
    grid[0, 0].set_yticks(range(len(labels)), labels)
    grid[0, 0].invert_yaxis()
    marks = [entry(words, c=INK, marker=shape, ls="") for shape, words in KINDS.values()]
    figure.legend(handles=marks, loc="outside upper left", ncols=2)
    return figure


def _panel(axes: Axes, table: pd.DataFrame, labels: list[str]) -> None:
    colour = colours(labels)
    for kind, (shape, _) in KINDS.items():
        for label, rows in by_label(table.dropna(subset=[kind])):
            values, height = rows[kind], labels.index(label)
            axes.hlines(height, values.min(), values.max(), color=colour[label], lw=1.2)
            axes.plot(values.mean(), height, shape, c=colour[label], ms=7)
    axes.axvline(1, c=INK, ls="--", lw=1)
    axes.set_xlim(min(0.0, *table[list(KINDS)].min().dropna()), None)
