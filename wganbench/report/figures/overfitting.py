"""[GP] figure 5: the critic's estimate on training images against held-out ones."""

from collections.abc import Iterable, Iterator

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from wganbench.gather.load import Results, estimated
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn
from wganbench.report.style.drawable import drawable
from wganbench.report.style.looks import INK, MUTED, colours, lines_of
from wganbench.report.style.marks import SPREAD, band, entry, few_ticks
from wganbench.report.style.wording import mean_sd

TITLE = "The critic on training and on held-out images"
PANEL_WIDTH, PANEL_HEIGHT = 2.7, 1.8  # inches
_DATA = ("run", "line", "seed", "iteration", "train", "heldout", "gap")
PARTS = {"train": ("-", "training images"), "heldout": ("--", "held-out images")}
_VERDICTS = {
    True: "The gap exceeds its spread over seeds (its mean lies further from 0 than its deviation)",
    False: "The gap lies within its spread over seeds",
    None: "With one seed the gap's spread is unknown",
}
_CAPTION = (
    "Above: the critic's estimate, minus its loss without penalty, on the same generated images "
    "against as many training images (solid) and held-out ones (dashed), drawn once and kept. "
    "Below: the first less the second; above 0 (dotted) the critic separates training images "
    "better. Line: mean over seeds; band: smallest to largest seed. Each panel has its own "
    "vertical scale, as a critic's estimate is in units of its own slope. All seeds have the same "
    "held-out images: how these differ by chance from training images is in the gap, and not in "
    "its spread."
)


def overfitting_figures(results: Results, name: str) -> Iterator[Figure]:
    """Yield the figure, where there is a run with both estimates."""
    results = drawable(results.where(kind="images"))
    table = gaps(results.evaluations)
    if len(table):
        yield drawn(
            name, TITLE, _findings(results, table), _CAPTION, table[list(_DATA)],
            lambda: _drawing(table),
        )  # fmt: skip


def _drawing(table: pd.DataFrame) -> Drawing:
    names = lines_of(table)
    colour = colours(table["label"])
    size = (PANEL_WIDTH * len(names) + 0.8, 2 * PANEL_HEIGHT + 0.5)
    figure, grid = plt.subplots(2, len(names), figsize=size, squeeze=False, sharex="col")
    for (above, below), line in zip(grid.T, names, strict=True):
        values = table[table["line"] == line]
        ink = colour[values["label"].iloc[0]]
        for part, (style, _) in PARTS.items():
            _curve(above, values, part, ink, style)
        _curve(below, values, "gap", ink, "-")
        below.axhline(0, c=MUTED, ls=":", lw=1)
        above.set_title(line)
    grid[0, 0].set_ylabel("critic's estimate")
    grid[1, 0].set_ylabel("training less\nheld-out")
    figure.supxlabel("generator iteration", fontsize=9)
    entries = [entry(c=INK, ls=style, label=words) for style, words in PARTS.values()]
    figure.legend(handles=entries, loc="outside upper left", ncols=2)
    return figure


def _curve(axes: Axes, table: pd.DataFrame, column: str, ink: str, style: str) -> None:
    values = table.groupby("iteration")[column].agg(SPREAD)
    band(axes, values, ink, alpha=0.2, ls=style, marker="o", ms=3)
    few_ticks(axes, 4, 4)


def gaps(evaluations: pd.DataFrame) -> pd.DataFrame:
    """Return the evaluations of seeds that did not diverge, with both estimates and their gap."""
    table = evaluations[evaluations["ok"]]
    table = table.assign(train=estimated(table, "train"), heldout=estimated(table)).dropna(
        subset=["train", "heldout"]
    )
    return table.assign(gap=table["train"] - table["heldout"])


def exceeds_spread(values: Iterable[float]) -> bool | None:
    """Return whether the mean is further from 0 than the standard deviation; None for one seed."""
    known = pd.Series(list(values), dtype=float)
    return None if len(known) < 2 else bool(abs(known.mean()) > known.std(ddof=1))


def _findings(results: Results, table: pd.DataFrame) -> list[Finding]:
    final = table[table["iteration"] == table["iterations"]]
    values: dict[str, dict[str, str]] = {}
    verdicts: dict[bool | None, list[str]] = {verdict: [] for verdict in _VERDICTS}
    for line, seeds in final.groupby("line", sort=False):
        images = results.runs[seeds["run"].iloc[0]].configuration.train_samples
        share = mean_sd(seeds["gap"] / seeds["train"], 2)
        values[str(line)] = {
            "gap": mean_sd(seeds["gap"]),
            "as a share of the estimate on training images": share,
            "training images": f"{images:,}" if images else "all",
        }
        verdicts[exceeds_spread(seeds["gap"])].append(str(line))
    statement = (
        "The critic's estimate on training images less that on held-out ones at the end, "
        "mean ± standard deviation over seeds"
    )
    sizes = [
        Finding(f"{words}: {'; '.join(verdicts[verdict])}")
        for verdict, words in _VERDICTS.items()
        if verdicts[verdict]
    ]
    return [Finding(statement, values), *sizes] if values else []
