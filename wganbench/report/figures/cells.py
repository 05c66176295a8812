"""[WGAN] figures 3 and 4: the critic's estimate beside FID, in the figures' three cells."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from wganbench.gather.load import Results, estimated
from wganbench.gather.statistics import rank_correlation
from wganbench.plan.configuration import Configuration
from wganbench.report.figures.curves import bands, curve_panel, filtered_curves
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn, rows_of
from wganbench.report.style.drawable import drawable
from wganbench.report.style.looks import by_label, colours, looks
from wganbench.report.style.marks import (
    SPREAD,
    floor_band,
    handles,
    lines,
    logarithmic,
    span_handle,
)
from wganbench.report.style.wording import mean_range

TITLE = "The critic's loss beside FID, in the cells of [WGAN] figures 3 and 4"
PANEL_WIDTH, PANEL_HEIGHT = 3.0, 1.7  # inches
CLIP = 0.01  # the paper's
# Generator, its norm and critic of each cell; figure 3's last one has a high learning rate.
CELLS: dict[tuple[str, ...], str] = {
    ("mlp", "none", "dcgan"): "MLP generator,\nDCGAN critic",
    ("dcgan", "batch", "dcgan"): "DCGAN generator,\nDCGAN critic",
    ("mlp", "none", "mlp"): "MLP generator, MLP critic\n(WGAN: high learning rate)",
}
METHODS = {"wgan": "WGAN:\ncritic's estimate", "gan": "GAN: Jensen-Shannon\nestimate (nats)"}
_CAPTION = (
    "Above, faint: every seed, on its training batches; line and band there: mean and smallest to "
    "largest seed, median-filtered. Dotted: log 2, the largest value of a Jensen-Shannon estimate. "
    "Below: FID of the same runs, mean and smallest to largest seed, and its floor (grey, "
    "± 2 sd). The paper has the samples where FID stands here. Correlations are of the held-out "
    "estimate and FID at the evaluation points; 1: the critic's loss falls and rises as FID does; "
    "a dash: one of the two does not vary."
)
_STATEMENT = (
    "Spearman's rank correlation of the critic's estimate on held-out images and FID along "
    "training, mean over seeds (smallest to largest)"
)


def nets_of(configuration: Configuration) -> tuple[str, ...]:
    """Return the names of the generator, of its norm and of the critic; nothing for none."""
    keys = ("generator.name", "generator.norm", "critic.name")
    return tuple(configuration.get(key) or "" for key in keys)


def cell_of(configuration: Configuration) -> str | None:
    """Return the cell of the papers' figures that a configuration belongs to, if any."""
    method, clip = configuration.method, configuration.get("constraint.clip_value")
    nets = nets_of(configuration)
    wanted = "high-lr" if (method, nets[2]) == ("wgan", "mlp") else ""
    if method not in METHODS or clip not in (None, CLIP) or configuration.variant != wanted:
        return None
    return CELLS.get(nets)


def cells_figures(results: Results, name: str) -> Iterator[Figure]:
    """Yield the figure, where a run of its cells did not diverge."""
    results = drawable(results.where(kind="images"))
    cells = {run: cell_of(planned.configuration) for run, planned in results.runs.items()}
    methods = {run: planned.configuration.method for run, planned in results.runs.items()}
    curves, evaluations = (
        table.assign(cell=table["run"].map(cells), method=table["run"].map(methods)).dropna(
            subset=["cell"]
        )
        for table in (filtered_curves(results), results.evaluations[results.evaluations["ok"]])
    )
    if curves.empty:
        return
    measured = evaluations.dropna(subset=["fid"])
    spaces = "; ".join(dict.fromkeys(measured["extractor"]))
    caption = f"{_CAPTION} FID in the space of {spaces}." if spaces else _CAPTION
    yield drawn(
        name, TITLE, _findings(measured), caption, _data(curves, measured),
        lambda: _drawing(curves, measured),
    )  # fmt: skip


def _findings(measured: pd.DataFrame) -> list[Finding]:
    values = rows_of(
        (cell.replace("\n", " "), label, mean_range(_correlations(rows), 2))
        for cell in CELLS.values()
        for label, rows in by_label(measured[measured["cell"] == cell])
    )
    return [Finding(_STATEMENT, values)] if values else []


def _data(curves: pd.DataFrame, measured: pd.DataFrame) -> pd.DataFrame:
    """Return both rows of panels as one table: the critic's curves, and FID."""
    cells = dict(zip(curves["run"], curves["cell"].str.replace("\n", " "), strict=True))
    by = ["run", "label", "iteration"]
    fid = measured.groupby(by)["fid"].agg(SPREAD).reset_index()
    table = pd.concat([bands(curves)[[*by, "measures", "mean", "min", "max"]],
                       fid.assign(measures="fid")])  # fmt: skip
    return table.assign(cell=table["run"].map(cells))


def _correlations(table: pd.DataFrame) -> pd.Series:
    histories = [history for _, history in table.groupby(["run", "seed"])]
    return pd.Series([rank_correlation(estimated(h), h["fid"]) for h in histories], dtype=float)


def _drawing(curves: pd.DataFrame, measured: pd.DataFrame) -> Drawing:
    cells = [cell for cell in CELLS.values() if cell in set(curves["cell"])]
    methods = [method for method in METHODS if method in set(curves["method"])]
    down = len(methods) + (not measured.empty)
    colour = colours(curves["label"])
    size = (PANEL_WIDTH * len(cells) + 1, PANEL_HEIGHT * down + 0.8)
    figure, grid = plt.subplots(down, len(cells), squeeze=False, figsize=size)
    for column, cell in zip(grid.T, cells, strict=True):
        column[0].set_title(cell)
        for axes, method in zip(column, methods, strict=False):
            panel = curves[(curves["cell"] == cell) & (curves["method"] == method)]
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
    entries = [*handles(looks(curves["label"]), ms=5), span_handle("FID's floor ± 2 sd")]
    figure.legend(handles=entries, loc="outside upper left", ncols=3)
    return figure


def _fid_panel(axes: Axes, table: pd.DataFrame, measured: pd.DataFrame) -> None:
    lines(axes, table, "iteration", "fid", table["label"])
    floor_band(axes, table["fid_floor"].mean(), table["fid_floor_sd"].mean())
    logarithmic(axes.yaxis, measured["fid"], *measured["fid_floor"].dropna())
