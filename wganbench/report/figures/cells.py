"""[WGAN] figures 3 and 4: what the critic says beside FID, in the figures' three cells."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D

from wganbench.gather.load import Results, told
from wganbench.gather.statistics import rank_correlation
from wganbench.plan.configuration import Configuration
from wganbench.report.figures.curves import bands, curve_panel, filtered_curves
from wganbench.report.style.axes import logarithmic
from wganbench.report.style.blocks import Figure, Finding, to_svg
from wganbench.report.style.looks import FLOOR, MUTED, colours, drawing, in_order, markers
from wganbench.report.style.wording import mean_range

TITLE = "The critic's loss beside FID, in the cells of [WGAN] figures 3 and 4"
PANEL_WIDTH, PANEL_HEIGHT = 3.0, 1.7  # inches
CLIP = 0.01  # the paper's
# Generator, its norm and critic of each cell; figure 3's last one has a high learning rate.
CELLS = {
    ("mlp", "none", "dcgan"): "MLP generator,\nDCGAN critic",
    ("dcgan", "batch", "dcgan"): "DCGAN generator,\nDCGAN critic",
    ("mlp", "none", "mlp"): "MLP generator, MLP critic\n(WGAN: high learning rate)",
}
METHODS = {"wgan": "WGAN:\ncritic's estimate", "gan": "GAN: Jensen-Shannon\nestimate (nats)"}
_CAPTION = (
    "Above, faint: every seed, on its training batches; line and band there: mean and smallest to "
    "largest seed, median-filtered. Dotted: log 2, the most that a Jensen-Shannon estimate can "
    "say. Below: FID of the same runs, mean and smallest to largest seed, and its floor (grey, "
    "± 2 sd). The paper has the samples where FID stands here. Correlations are of the held-out "
    "estimate and FID at the evaluation points; 1: the critic's loss falls and rises as FID does; "
    "a dash: one of the two does not vary."
)


def cell_of(configuration: Configuration) -> str | None:
    """Return the cell of the papers' figures that a configuration belongs to, if any."""
    method, clip = configuration.method, getattr(configuration.constraint, "clip_value", None)
    generator = configuration.generator
    key = (generator.name, getattr(generator, "norm", ""), configuration.critic.name)
    wanted = "high-lr" if (method, key[2]) == ("wgan", "mlp") else ""
    if method not in METHODS or clip not in (None, CLIP) or configuration.variant != wanted:
        return None
    return CELLS.get(key)


def paper_cells_figures(results: Results, name: str) -> Iterator[Figure]:
    """Yield the figure, where a run of its cells did not diverge."""
    cells = {run: cell_of(planned.configuration) for run, planned in results.runs.items()}
    curves, evaluations = (
        table.assign(
            cell=table["run"].map(cells),
            method=table["run"].map(lambda run: results.runs[run].configuration.method),
        ).dropna(subset=["cell"])
        for table in (filtered_curves(results), results.evaluations[results.evaluations["ok"]])
    )
    if curves.empty:
        return
    measured = evaluations.dropna(subset=["fid"])
    findings = _findings(measured)
    with drawing():
        figure = _drawing(curves, measured)
        markup = to_svg(figure, name, TITLE, findings)
    spaces = "; ".join(dict.fromkeys(measured["extractor"]))
    caption = f"{_CAPTION} FID in the space of {spaces}." if spaces else _CAPTION
    yield Figure(name, TITLE, findings, caption, markup, _data(curves, measured))


def _findings(measured: pd.DataFrame) -> list[Finding]:
    """Say how well the critic's loss and FID agree along training in each cell."""
    values: dict[str, dict[str, str]] = {}
    for cell in (cell for cell in CELLS.values() if cell in set(measured["cell"])):
        of_cell = measured[measured["cell"] == cell]
        values[cell.replace("\n", " ")] = {
            label: mean_range(_correlations(of_cell[of_cell["label"] == label]), 2)
            for label in in_order(of_cell["label"])
        }
    statement = (
        "Spearman's rank correlation of what the critic says on held-out images and FID along "
        "training, mean over seeds (smallest to largest)"
    )
    return [Finding(statement, values)] if values else []


def _data(curves: pd.DataFrame, measured: pd.DataFrame) -> pd.DataFrame:
    """Return both rows of panels as one table: the critic's curves, and FID."""
    cells = dict(zip(curves["run"], curves["cell"].str.replace("\n", " "), strict=True))
    by = ["run", "label", "iteration"]
    fid = measured.groupby(by)["fid"].agg(["mean", "min", "max"]).reset_index()
    table = pd.concat([bands(curves)[[*by, "measures", "mean", "min", "max"]],
                       fid.assign(measures="fid")])  # fmt: skip
    return table.assign(cell=table["run"].map(cells))


def _correlations(table: pd.DataFrame) -> pd.Series:
    courses = [course for _, course in table.groupby(["run", "seed"])]
    return pd.Series([rank_correlation(told(c), c["fid"]) for c in courses], dtype=float)


def _drawing(curves: pd.DataFrame, measured: pd.DataFrame) -> Drawing:
    cells = [cell for cell in CELLS.values() if cell in set(curves["cell"])]
    methods = [method for method in METHODS if method in set(curves["method"])]
    down = len(methods) + (not measured.empty)
    colour = colours(curves["label"])
    figure, grid = plt.subplots(
        down, len(cells), squeeze=False, layout="constrained",
        figsize=(PANEL_WIDTH * len(cells) + 1, PANEL_HEIGHT * down + 0.8),
    )  # fmt: skip
    for column, cell in zip(grid.T, cells, strict=True):
        column[0].set_title(cell)
        of_cell = curves[curves["cell"] == cell]
        for axes, method in zip(column, methods, strict=False):
            panel = of_cell[of_cell["method"] == method]
            if panel.empty:
                axes.set_axis_off()
            else:
                curve_panel(axes, panel, colour)
        if down > len(methods):
            _fid_panel(column[-1], measured[measured["cell"] == cell], measured)
    words = [*(METHODS[method] for method in methods), "FID"]
    for axes, text in zip(grid[:, 0], words, strict=False):
        axes.set_ylabel(text)
    figure.align_ylabels(grid[:, 0])
    figure.supxlabel("generator iteration", fontsize=9)
    figure.legend(handles=_handles(curves), loc="outside upper left", ncols=3)
    return figure


def _handles(curves: pd.DataFrame) -> list[Line2D]:
    colour, marker = colours(curves["label"]), markers(curves["label"])
    return [
        *(
            Line2D([], [], c=colour[label], marker=marker[label], ms=5, label=label)
            for label in in_order(curves["label"])
        ),
        Line2D([], [], lw=6, c=FLOOR, alpha=0.7, label="FID's floor ± 2 sd"),
    ]


def _fid_panel(axes: Axes, table: pd.DataFrame, measured: pd.DataFrame) -> None:
    sns.lineplot(
        table, x="iteration", y="fid", hue="label", style="label", dashes=False,
        palette=colours(table["label"]), markers=markers(table["label"]), legend=False,
        errorbar=("pi", 100), markersize=4, markeredgewidth=0, ax=axes,
    )  # fmt: skip
    floor, sd = table["fid_floor"].mean(), table["fid_floor_sd"].mean()
    if pd.notna(floor):
        axes.axhspan(floor - 2 * sd, floor + 2 * sd, color=FLOOR, alpha=0.45, lw=0)
        axes.axhline(floor, c=MUTED, lw=0.8)
    logarithmic(axes.yaxis, measured["fid"], *measured["fid_floor"].dropna())
    axes.set(xlabel="", ylabel="")
