"""A quantity along training beside its floor: a panel for each law or architecture."""

from dataclasses import dataclass

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from wganbench.report.style.looks import looks, powers
from wganbench.report.style.marks import floor_band, handles, lines, span_handle

PANELS_PER_ROW = 3
WIDTH, HEIGHT = 3.3, 2.9  # inches of a panel


@dataclass(frozen=True)
class History:
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

    def draw(self, table: pd.DataFrame) -> Drawing:
        """Return means over seeds along the gradient steps, with their range and floor."""
        names = list(dict.fromkeys(table[self.panels]))
        across = max(min(len(names), PANELS_PER_ROW), 1)
        down = max(-(-len(names) // PANELS_PER_ROW), 1)
        size = (WIDTH * across + 0.7, HEIGHT * down + 0.6)
        figure, grid = plt.subplots(down, across, figsize=size, sharey=True, squeeze=False)
        for axes in grid.flat[len(names) :]:
            axes.set_visible(False)
        for axes, name in zip(grid.flat, names, strict=False):
            self._panel(axes, table[table[self.panels] == name], table)
            axes.set_title(str(name).replace(", ", ",\n", 1))
        if names:
            powers(grid[0, 0].yaxis, *self._limits(table))
        for axes in grid[:, 0]:
            axes.set_ylabel(self.words)
        figure.supxlabel("gradient steps, critic's and generator's", fontsize=9)
        entries = [*handles(looks(table["label"]), ms=5), span_handle("floor ± 2 sd")]
        figure.legend(handles=entries, loc="outside upper left", ncols=4)
        return figure

    def _panel(self, axes: Axes, panel: pd.DataFrame, table: pd.DataFrame) -> None:
        lines(axes, panel, "steps", self.column, table["label"])
        floor, sd = panel[self.floor].mean(), panel[f"{self.floor}_sd"].mean()
        floor_band(axes, floor, sd, self.smallest)
        axes.set(yscale="log")

    def _limits(self, table: pd.DataFrame) -> tuple[float, float]:
        lowest = pd.concat([table[self.column], table[self.floor]]).min()
        highest = float(table[self.column].max())
        return max(float(lowest), self.smallest), max(highest, 2 * self.smallest)
