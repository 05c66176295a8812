"""[GP] figure 5: what the critic says on training images against held-out ones."""

from collections.abc import Iterable, Iterator

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from wganbench.gather.load import Results, told
from wganbench.report.style.blocks import Figure, Finding, to_svg
from wganbench.report.style.looks import INK, MUTED, colours, drawing, in_order
from wganbench.report.style.wording import mean_sd, number

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
    "Below: the first less the second; above 0 (dotted) the critic tells training images better. "
    "Line: mean over seeds; band: smallest to largest seed. Each panel has its own vertical scale, "
    "as a critic's estimate is in units of its own slope. All seeds have the same held-out images: "
    "how these differ by chance from training images is in the gap, and not in its spread."
)


def overfitting_figures(results: Results, name: str) -> Iterator[Figure]:
    """Yield the figure, where there is a run with both estimates."""
    table = gaps(results.evaluations)
    if table.empty:
        return
    findings = _findings(results, table)
    lines = [line for label in in_order(table["label"]) for line in _lines_of(table, label)]
    colour = colours(table["label"])
    with drawing():
        figure, grid = plt.subplots(
            2, len(lines), figsize=(PANEL_WIDTH * len(lines) + 0.8, 2 * PANEL_HEIGHT + 0.5),
            squeeze=False, sharex="col", layout="constrained",
        )  # fmt: skip
        for (above, below), line in zip(grid.T, lines, strict=True):
            of_line = table[table["line"] == line]
            ink = colour[of_line["label"].iloc[0]]
            for part, (style, _) in PARTS.items():
                _drawn(above, of_line, part, ink, style)
            _drawn(below, of_line, "gap", ink, "-")
            below.axhline(0, c=MUTED, ls=":", lw=1)
            above.set_title(line)
        grid[0, 0].set_ylabel("critic's estimate")
        grid[1, 0].set_ylabel("training less\nheld-out")
        figure.supxlabel("generator iteration", fontsize=9)
        handles = [Line2D([], [], c=INK, ls=style, label=words) for style, words in PARTS.values()]
        figure.legend(handles=handles, loc="outside upper left", ncols=2)
        markup = to_svg(figure, name, TITLE, findings)
    yield Figure(name, TITLE, findings, _CAPTION, markup, table[list(_DATA)])


def gaps(evaluations: pd.DataFrame) -> pd.DataFrame:
    """Return the evaluations of seeds that did not diverge, with both estimates and their gap."""
    table = evaluations[evaluations["ok"]]
    table = table.assign(train=told(table, "train"), heldout=told(table)).dropna(
        subset=["train", "heldout"]
    )
    return table.assign(gap=table["train"] - table["heldout"])


def exceeds_spread(values: Iterable[float]) -> bool | None:
    """Tell whether the mean lies further from 0 than the standard deviation; None for one seed."""
    known = pd.Series(list(values), dtype=float)
    return None if len(known) < 2 else bool(abs(known.mean()) > known.std(ddof=1))


def _lines_of(table: pd.DataFrame, label: str) -> list[str]:
    return list(dict.fromkeys(table.loc[table["label"] == label, "line"]))


def _drawn(axes: Axes, table: pd.DataFrame, column: str, ink: str, style: str) -> None:
    band = table.groupby("iteration")[column].agg(["mean", "min", "max"])
    axes.fill_between(band.index, band["min"], band["max"], color=ink, alpha=0.2, lw=0)
    axes.plot(band.index, band["mean"], c=ink, ls=style, marker="o", ms=3)
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: number(y, 2)))


def _findings(results: Results, table: pd.DataFrame) -> list[Finding]:
    """State each method's gap at the end beside its spread over seeds."""
    final = table[table["iteration"] == table["iterations"]]
    values: dict[str, dict[str, str]] = {}
    verdicts: dict[bool | None, list[str]] = {verdict: [] for verdict in _VERDICTS}
    for line, of in final.groupby("line", sort=False):
        images = results.runs[of["run"].iloc[0]].configuration.train_samples
        values[str(line)] = {
            "gap": mean_sd(of["gap"]),
            "as a share of the estimate on training images": mean_sd(of["gap"] / of["train"], 2),
            "training images": f"{images:,}" if images else "all",
        }
        verdicts[exceeds_spread(of["gap"])].append(str(line))
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
