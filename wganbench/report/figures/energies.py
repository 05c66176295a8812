"""[EBGAN] theorems 1 and 2: energies of real and generated samples along training, against m."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from wganbench.gather.energies import ENERGIES, energies
from wganbench.gather.load import Results
from wganbench.gather.selection import chosen
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn, rows_of
from wganbench.report.style.drawable import drawable
from wganbench.report.style.looks import INK
from wganbench.report.style.marks import entry, logarithmic
from wganbench.report.style.wording import mean_range

TITLE = "Energies of real and generated samples along training"
PANEL_WIDTH, PANEL_HEIGHT = 2.9, 1.8  # inches
SIDES = {"real": ("#0072B2", "real, held out"), "generated": ("#D55E00", "generated")}
_CAPTION = (
    "Mean energy, the length of the auto-encoder's error, in units of the margin m; a line for "
    "each seed. Dotted: m. At a Nash equilibrium the two kinds of lines lie on one another, "
    "anywhere between 0 and m, and V, the mean of the energies of real samples and of what "
    "generated ones lack to m, is m. pt: weight of the pulling-away term."
)
_VALUES = (
    "At the end, mean over seeds (smallest to largest): V/m, and the coefficient of variation of "
    "the energies of held-out real samples, 0 if all are equal"
)


def energy_figures(results: Results, name: str) -> Iterator[Figure]:
    """Yield the figure, where a critic with energies did not diverge."""
    table = _energies(drawable(results))
    if len(table):
        yield drawn(name, TITLE, _findings(table), _CAPTION, table, lambda: _drawing(table))


def _energies(results: Results) -> pd.DataFrame:
    """Return `run`, `row`, `margin` and by seed and iteration the energies over the margin."""
    rows = []
    for run in chosen(results.settings, ENERGIES)["run"] if results.runs else ():
        configuration = results.runs[run].configuration
        margin, weight = (
            configuration.get(f"objective.{key}") for key in ("margin", "pulling_away")
        )
        row = f"{configuration.data.name}, pt {weight:g}"
        rows += [
            {"run": run, "row": row, "margin": margin, "seed": seed, "iteration": iteration,
             "real": found.real / margin, "generated": found.generated / margin,
             "variation": found.real_sd / found.real if found.real else 0.0}
            for (seed, iteration), found in energies(results, run).items()
        ]  # fmt: skip
    columns = ("run", "row", "margin", "seed", "iteration", "real", "generated", "variation")
    table = pd.DataFrame(rows, columns=list(columns))
    facts = results.evaluations[["run", "seed", "iteration", "divergence_heldout"]]
    return table.merge(facts, on=["run", "seed", "iteration"]).assign(
        value=lambda t: 1 - t["divergence_heldout"]
    )


def _findings(table: pd.DataFrame) -> list[Finding]:
    ends = table.sort_values("iteration").groupby(["run", "seed"], sort=False).tail(1)
    values = rows_of(
        (f"{row}, m {margin:g}", words, mean_range(group[column], 2))
        for (row, margin), group in ends.groupby(["row", "margin"])
        for words, column in (("V/m", "value"), ("variation", "variation"))
    )
    return [Finding(_VALUES, values)] if values else []


def _drawing(table: pd.DataFrame) -> Drawing:
    rows, margins = list(dict.fromkeys(table["row"])), sorted(set(table["margin"]))
    size = (PANEL_WIDTH * len(margins) + 1.0, PANEL_HEIGHT * len(rows) + 0.7)
    figure, grid = plt.subplots(
        len(rows), len(margins), figsize=size, squeeze=False, sharey=True, sharex="row"
    )
    for line, row in zip(grid, rows, strict=True):
        for axes, margin in zip(line, margins, strict=True):
            _panel(axes, table[(table["row"] == row) & (table["margin"] == margin)])
        line[0].set_ylabel(row.replace(", ", ",\n"))
    for axes, margin in zip(grid[0], margins, strict=True):
        axes.set_title(f"m = {margin:g}")
    logarithmic(grid[0, 0].yaxis, table[[*SIDES]].to_numpy().ravel(), 1.0)
    figure.supxlabel("generator iteration", fontsize=9)
    figure.supylabel("mean energy over m", fontsize=9)
    entries = [entry(words, c=colour) for colour, words in SIDES.values()]
    figure.legend(handles=[*entries, entry("m", c=INK, ls=":")], loc="outside upper left", ncols=3)
    return figure


def _panel(axes: Axes, panel: pd.DataFrame) -> None:
    for _, seed in panel.sort_values("iteration").groupby("seed"):
        for side, (colour, _) in SIDES.items():
            axes.plot(seed["iteration"], seed[side], c=colour, lw=1, alpha=0.8)
    axes.axhline(1, c=INK, ls=":", lw=1)
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
