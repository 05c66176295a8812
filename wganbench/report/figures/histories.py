"""W1, FID and the like along training beside their floors: a panel for each law or architecture."""

from collections.abc import Iterator
from dataclasses import dataclass

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from wganbench.gather.load import Results
from wganbench.gather.references import fid_references
from wganbench.report.style.blocks import Drawing, Figure, Finding, compared, drawn
from wganbench.report.style.looks import looks, powers
from wganbench.report.style.marks import floor_band, handles, lines, span_handle
from wganbench.report.style.wording import mean_sd, number, with_sd

PANELS_PER_ROW = 3
WIDTH, HEIGHT = 3.3, 2.9  # inches of a panel
_W1_CAPTION = (
    "Generated against held-out samples. Line: mean over seeds; band: smallest to largest seed. "
    "Grey: the floor, exact W1 between two samples of the law, mean ± 2 sd. The methods take "
    "different numbers of critic steps, so the horizontal axis counts both players' gradient "
    "steps, the critic's warm-up included."
)
_ALONG_CAPTION = (
    "Generated against held-out images. Line: mean over seeds; band: smallest to largest seed. "
    "Grey: the floor, training images against the same held-out ones, mean ± 2 sd. The horizontal "
    "axis counts the gradient steps of both players, the critic's warm-up included."
)


_PATCHES_CAPTION = (
    "Where images have no labels to train a feature space on: patches of 7 by 7 pixels at each "
    "level of a Laplacian pyramid (Karras et al. 2018), mean over levels."
)


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


W1 = History("w1", "floor", "exact W1 (the law's unit of length)", 1e-12, "data")


def distance_figure(results: Results, name: str) -> Figure:
    """Return exact W1 along training, a panel per law, with the floor."""
    table = results.evaluations[results.evaluations["ok"]].dropna(subset=["w1"])
    return drawn(
        name, "Exact W1 along training", _w1_findings(results), _W1_CAPTION, W1.data(table),
        lambda: W1.draw(table),
    )  # fmt: skip


def _w1_findings(results: Results) -> list[Finding]:
    final = results.final().dropna(subset=["w1"])
    ends = compared(final, "data", "w1", text=mean_sd)
    for law, group in final.groupby("data", sort=False):
        ends[str(law)]["floor"] = with_sd(group["floor"], group["floor_sd"])
    statement = "Exact W1 at the end, mean ± standard deviation over seeds"
    return [Finding(statement, ends)] if ends else []


FID = History("fid", "fid_floor", "FID", 1e-3, "architecture")


def by_space(results: Results, name: str) -> Iterator[tuple[pd.DataFrame, str, str]]:
    """Yield the evaluations with an FID in each feature space: numbers of two do not compare.

    With each comes its extractor and a name of its own.
    """
    yield from _measured_in(results, "fid", "extractor", name)


def by_random_space(results: Results, name: str) -> Iterator[tuple[pd.DataFrame, str, str]]:
    """Yield the evaluations of images without labels: those of as many channels have one space."""
    yield from _measured_in(results, "kid_random", "random_space", name)


def _measured_in(
    results: Results, column: str, space: str, name: str
) -> Iterator[tuple[pd.DataFrame, str, str]]:
    measured = results.evaluations[results.evaluations["ok"]].dropna(subset=[column])
    for k, (found, table) in enumerate(measured.groupby(space, sort=False)):
        yield table, str(found), f"{name}-{k}" if k else name


def fid_figure(results: Results, table: pd.DataFrame, extractor: str, name: str) -> Figure:
    """Return FID along training, a panel per architecture, with the floor and what an FID means."""
    title = f"FID along training, in the space of {extractor}"
    findings = [*_ends(table, "fid", "FID"), *_meaning(results.select(table["run"]))]
    return drawn(name, title, findings, _ALONG_CAPTION, FID.data(table), lambda: FID.draw(table))


PATCHES = History(
    "patches", "patches_floor", "distance of patches (thousandths)", 1e-3, "architecture"
)


def patches_figure(table: pd.DataFrame, name: str) -> Iterator[Figure]:
    """Yield the distance of patches along training, a panel per architecture, with the floor."""
    table = table.dropna(subset=["patches"])
    if table.empty:  # images without a pyramid
        return
    title = "Sliced Wasserstein distance of patches along training"
    findings = _ends(table, "patches", "Distance of patches")
    caption = f"{_PATCHES_CAPTION} {_ALONG_CAPTION}"
    yield drawn(name, title, findings, caption, PATCHES.data(table), lambda: PATCHES.draw(table))


def at_the_end(table: pd.DataFrame) -> pd.DataFrame:
    """Return the last evaluations of seeds that got so far."""
    return table[table["iteration"] == table["iterations"]]


def span(values: pd.Series) -> str:
    """Return "500" or "500 to 1,000"."""
    low, high = values.min(), values.max()
    return f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"


def _ends(table: pd.DataFrame, column: str, words: str) -> list[Finding]:
    final = at_the_end(table)
    if final.empty:
        return []
    ends = compared(final, "architecture", column, text=mean_sd)
    statement = (
        f"{words} at the end on {span(final['n'])} generated and as many held-out images, mean ± "
        "standard deviation over seeds; the floor is "
        f"{with_sd(final[f'{column}_floor'], final[f'{column}_floor_sd'])}"
    )
    means = final.groupby(["label", "architecture"])[column].mean()
    low, high = (", ".join(means.index[int(k)]) for k in (means.argmin(), means.argmax()))
    extremes = (
        f"The lowest is {number(means.min())} ({low}), the highest {number(means.max())} ({high})"
    )
    return [Finding(statement, ends), Finding(extremes)]


_REFERENCES = {
    "half_of_classes": "half of the classes",
    "one_class": "one class",
    "black": "black images",
    "grey": "grey images",
    "noise": "noise",
}


def _meaning(results: Results) -> list[Finding]:
    """Return what FIDs on each image set are to be compared with, beside the floor."""
    known = fid_references(results).merge(results.facts[["run", "data_id"]], on="run")
    values = {
        str(data): {words: number(rows[name].iloc[0], 2) for name, words in _REFERENCES.items()}
        for data, rows in known.dropna(subset=["noise"]).groupby("data_id", sort=False)
    }
    statement = (
        "What an FID of this set means: that of real images of half of the classes only, of one "
        "class only (median over classes), of constant images and of noise, each against all "
        "held-out images"
    )
    return [Finding(statement, values)] if values else []
