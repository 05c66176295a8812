"""Training curves: the critic's estimate along training, raw and median-filtered."""

import textwrap
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import FuncFormatter, MaxNLocator

from wganbench.gather.load import Results
from wganbench.gather.statistics import median_filtered, window_iterations
from wganbench.report.style.axes import band
from wganbench.report.style.blocks import Figure, Finding
from wganbench.report.style.looks import MUTED, colours, in_order
from wganbench.report.style.svg import drawn
from wganbench.report.style.wording import listed, number

DRAWN_POINTS = 200  # of a filtered curve: more than a panel has pixels for
RAW_POINTS = 1500  # of a raw one, which is drawn in pixels
WIDTH, NARROWEST_PANEL, WIDEST_PANEL, PANEL_HEIGHT = 10.5, 0.9, 3.0, 1.45  # inches
LABEL_WIDTH = 16  # characters of a row's heading before it breaks


def curves_figure(
    results: Results, name: str, rows: str, columns: str, order: Sequence[str]
) -> Figure:
    """Return the critic's curves, a panel for each value of the frames' columns `rows`, `columns`.

    Args:
        results: runs of one kind.
        name: the figure's name on the page.
        rows: column of the frame, one row of panels for each value.
        columns: column of the frame, one column of panels for each value.
        order: the values of `columns` in their order.
    """
    curves = filtered_curves(results)
    return drawn(
        name, "The critic's estimate along training", _findings(curves), _caption(results, curves),
        bands(curves), lambda: _panels(curves, rows, columns, order),
    )  # fmt: skip


def filtered_curves(results: Results) -> pd.DataFrame:
    """Return the curves of seeds that did not diverge, with columns `raw` and `filtered`.

    Raw is the critic's estimate on its training batch, or the divergence if it estimates one.
    """
    curves = results.curves[results.curves["ok"]]
    is_divergence = curves["divergence"].notna()
    curves = curves.assign(
        raw=curves["estimate"].where(~is_divergence, curves["divergence"]),
        measures=np.where(is_divergence, "divergence", "distance"),
    ).sort_values(["run", "seed", "iteration"])
    parts = [
        median_filtered(
            history["raw"],
            window_iterations(int(history["iterations"].iloc[0])),
            int(history["log_every"].iloc[0]),
        )
        for _, history in curves.groupby(["run", "seed"])
    ]
    return curves.assign(filtered=pd.concat(parts) if parts else pd.Series(dtype=float))


def _caption(results: Results, curves: pd.DataFrame) -> str:
    windows = {(i, window_iterations(i)) for i in results.facts["iterations"]}
    words = listed([f"{window} of {i:,} iterations" for i, window in sorted(windows)])
    seeds = sorted({len(results.records[run].ok_seeds()) for run in results.runs})
    spread = " to ".join(dict.fromkeys([str(seeds[0]), str(seeds[-1])]))
    caption = (
        f"Faint: every seed, on its training batches, without the penalty. Line and band: mean and "
        f"smallest to largest of {spread} seeds, median-filtered over {words} (the official code's "
        "101 iterations, or a tenth of a shorter run). Each panel has its own vertical scale, as "
        "a critic's estimate is in units of its own slope; raw values beyond the panel are cut. "
    )
    if (curves["measures"] == "divergence").any():
        caption += (
            "Of a GAN the curve is the discriminator's Jensen-Shannon estimate L/2 + log 2 in nats "
            "(at most log 2 = 0.693, dotted), as in [WGAN] figure 4."
        )
    return caption


def _findings(curves: pd.DataFrame) -> list[Finding]:
    """State at which share of its own maximum each filtered curve ends."""
    means = curves.groupby(["measures", "label", "run", "iteration"])["filtered"].mean()
    ratios = means.groupby(["measures", "label", "run"]).agg(lambda c: c.iloc[-1] / c.max())
    shares: dict[str, dict[str, str]] = {}
    for measures, words in (("distance", "estimate"), ("divergence", "Jensen-Shannon estimate")):
        if measures in ratios.index.get_level_values(0):
            medians = ratios.loc[measures].groupby("label").median()
            shares[words] = {label: number(medians[label], 2) for label in in_order(medians.index)}
    statement = "Last value of the filtered curve as a share of its largest, median over runs"
    return [Finding(statement, shares)] if shares else []


def _panels(curves: pd.DataFrame, rows: str, columns: str, order: Sequence[str]) -> Drawing:
    names = [name for name in order if name in set(curves[columns])]
    heads = [*dict.fromkeys(curves[rows])] if rows != "label" else in_order(curves[rows])
    width = float(np.clip(WIDTH / max(len(names), 1), NARROWEST_PANEL, WIDEST_PANEL))
    figure, grid = plt.subplots(
        max(len(heads), 1), max(len(names), 1), squeeze=False, layout="constrained",
        figsize=(width * max(len(names), 1) + 1.3, PANEL_HEIGHT * max(len(heads), 1) + 0.5),
    )  # fmt: skip
    colour = colours(curves["label"])
    for i, head in enumerate(heads):
        for j, name in enumerate(names):
            panel = curves[(curves[rows] == head) & (curves[columns] == name)]
            if panel.empty:
                grid[i, j].set(xticks=[], yticks=[])
                grid[i, j].spines[:].set_visible(False)
            else:
                curve_panel(grid[i, j], panel, colour)
        grid[i, 0].set_ylabel(_wrapped(head), fontsize=8.5, rotation=0, ha="right", va="center")
    for j, name in enumerate(names):
        grid[0, j].set_title(name)
    figure.align_ylabels(grid[:, 0])
    figure.supxlabel("generator iteration", fontsize=9)
    measures = set(curves["measures"])
    words = ["estimate E f(real) − E f(generated)"] if "distance" in measures else []
    words += ["Jensen-Shannon estimate in nats (GAN)"] if "divergence" in measures else []
    figure.supylabel("; ".join(words), fontsize=9)
    return figure


def curve_panel(axes: Axes, panel: pd.DataFrame, colour: dict[str, str]) -> None:
    """Draw one panel's filtered curves, a line for each run, over the raw ones."""
    for (label, _), history in panel.groupby(["label", "run"], sort=False):
        ink = colour[str(label)]
        for _, seed in history.groupby("seed"):
            thin = seed.iloc[:: max(len(seed) // RAW_POINTS, 1)]
            axes.plot(thin["iteration"], thin["raw"], c=ink, lw=0.5, alpha=0.3, rasterized=True)
        band(axes, _filtered(history), ink)
    _limits(axes, panel)
    axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(3))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: number(y, 2)))


def _filtered(history: pd.DataFrame) -> pd.DataFrame:
    """Return a run's filtered curve: mean, smallest and largest over seeds by iteration."""
    values = history.groupby("iteration")["filtered"].agg(["mean", "min", "max"])
    return values.iloc[:: max(len(values) // DRAWN_POINTS, 1)]


def bands(curves: pd.DataFrame) -> pd.DataFrame:
    """Return every run's filtered curve as it is drawn, a row per run and iteration."""
    facts = ["architecture", "data", "label", "measures", "run"]
    parts = [
        history[facts].iloc[[0]].merge(_filtered(history).reset_index(), how="cross")
        for _, history in curves.groupby(facts, sort=False)
    ]
    columns = [*facts, "iteration", "mean", "min", "max"]
    return pd.concat(parts)[columns] if parts else pd.DataFrame(columns=columns)


def _limits(axes: Axes, panel: pd.DataFrame) -> None:
    """Show the filtered curves whole and the bulk of the raw ones; 0 is always in view."""
    low = min(panel["filtered"].min(), panel["raw"].quantile(0.01), 0.0)
    high = max(panel["filtered"].max(), panel["raw"].quantile(0.99), 0.0)
    if (panel["measures"] == "divergence").all():
        axes.axhline(np.log(2), ls=":", lw=1, c=MUTED)
        high = max(high, np.log(2))
    if np.isfinite([low, high]).all() and high > low:
        margin = 0.06 * (high - low)
        axes.set_ylim(low - margin, high + margin)


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(text, LABEL_WIDTH))
