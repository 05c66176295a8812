"""A quantity along training beside its floor: a panel for each law or architecture."""

from dataclasses import dataclass
from itertools import islice

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D

from wganbench.report.style.looks import FLOOR, MUTED, colours, in_order, markers, powers

PANELS_PER_ROW = 3
WIDTH, HEIGHT = 3.3, 2.9  # inches of a panel
LEGEND_COLUMNS = 4


@dataclass(frozen=True)
class Course:
    """What is drawn along training."""

    column: str
    """Of the evaluations; its floor and that one's deviation are beside it."""
    floor: str
    words: str
    smallest: float
    """A logarithmic axis has no 0."""
    panels: str
    """Column of the evaluations, a panel for each value."""

    def data(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return what is drawn of the evaluations."""
        floors = [self.floor, f"{self.floor}_sd"]
        return table[
            ["run", self.panels, "label", "seed", "iteration", "steps", self.column, *floors]
        ]


def courses(table: pd.DataFrame, course: Course) -> Drawing:
    """Return means over seeds along both players' gradient steps, with their range and floor."""
    names = list(dict.fromkeys(table[course.panels]))
    across = max(min(len(names), PANELS_PER_ROW), 1)
    down = max(-(-len(names) // PANELS_PER_ROW), 1)
    figure, grid = plt.subplots(
        down, across, figsize=(WIDTH * across + 0.7, HEIGHT * down + 0.6), sharey=True,
        squeeze=False, layout="constrained",
    )  # fmt: skip
    for axes, name in zip(grid.flat, names, strict=False):
        _panel(axes, table[table[course.panels] == name], table, course)
        axes.set_title(str(name).replace(", ", ",\n", 1))
    for axes in islice(grid.flat, len(names), None):
        axes.set_visible(False)
    if names:
        powers(grid[0, 0].yaxis, *_limits(table, course))
    for axes in grid[:, 0]:
        axes.set_ylabel(course.words)
    figure.supxlabel("gradient steps, critic's and generator's", fontsize=9)
    figure.legend(handles=_handles(table), loc="outside upper left", ncols=LEGEND_COLUMNS)
    return figure


def _panel(axes: Axes, panel: pd.DataFrame, table: pd.DataFrame, course: Course) -> None:
    sns.lineplot(
        panel, x="steps", y=course.column, hue="label", style="label", dashes=False,
        palette=colours(table["label"]), markers=markers(table["label"]), legend=False,
        errorbar=("pi", 100), markersize=4.5, markeredgewidth=0, ax=axes,
    )  # fmt: skip
    floor, sd = panel[course.floor].mean(), panel[f"{course.floor}_sd"].mean()
    if pd.notna(floor):
        low = max(floor - 2 * sd, course.smallest)
        axes.axhspan(low, floor + 2 * sd, color=FLOOR, alpha=0.45, lw=0)
        axes.axhline(floor, c=MUTED, lw=0.8)
    axes.set(yscale="log", xlabel="", ylabel="")


def _limits(table: pd.DataFrame, course: Course) -> tuple[float, float]:
    lowest = pd.concat([table[course.column], table[course.floor]]).min()
    smallest = course.smallest
    return max(float(lowest), smallest), max(float(table[course.column].max()), 2 * smallest)


def _handles(table: pd.DataFrame) -> list[Line2D]:
    colour, marker = colours(table["label"]), markers(table["label"])
    lines = [
        Line2D([], [], c=colour[label], marker=marker[label], ms=5, label=label)
        for label in in_order(table["label"])
    ]
    return [*lines, Line2D([], [], lw=6, c=FLOOR, alpha=0.7, label="floor ± 2 sd")]
