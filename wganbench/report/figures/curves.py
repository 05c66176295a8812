"""Training curves: the critic's estimate along training, raw and median-filtered."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from wganbench.gather.load import Results
from wganbench.gather.quantities import quantities
from wganbench.gather.statistics import median_filtered, window_iterations
from wganbench.objectives import Quantity
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn
from wganbench.report.style.looks import MUTED, colours, in_order
from wganbench.report.style.marks import SPREAD, band, few_ticks
from wganbench.report.style.wording import listed, number

DRAWN_POINTS = 200  # of a filtered curve: more than a panel has pixels for
RAW_POINTS = 1500  # of a raw one, which is drawn in pixels
WIDTH, NARROWEST_PANEL, WIDEST_PANEL, PANEL_HEIGHT = 10.5, 0.9, 3.0, 1.45  # inches
LABEL_WIDTH = 16  # characters of a row's heading before it breaks


def curves_figures(
    results: Results, name: str, rows: str, columns: str, order: Sequence[str]
) -> Iterator[Figure]:
    """Yield the critics' curves, a panel for each value of the frames' columns `rows`, `columns`.

    Args:
        results: runs of one kind; without a critic among them there is no figure.
        name: the figure's name on the page.
        rows: column of the frame, one row of panels for each value.
        columns: column of the frame, one column of panels for each value.
        order: the values of `columns` in their order.
    """
    known = quantities(results)
    results = results.select(known)
    if known:
        curves = filtered_curves(results)
        yield drawn(
            name, "The critic's estimate along training", _findings(curves),
            _caption(results, known), bands(curves), lambda: _panels(curves, rows, columns, order),
        )  # fmt: skip


def filtered_curves(results: Results) -> pd.DataFrame:
    """Return critics' curves, of seeds that did not diverge, with columns `raw` and `filtered`.

    Raw is the critic's estimate on its training batch, of the quantity that `measures` names and
    that is at most `bound`.
    """
    known = quantities(results)
    curves = results.curves[results.curves["ok"] & results.curves["run"].isin(known)]
    curves = curves.assign(
        raw=curves["divergence"].fillna(curves["estimate"]),
        measures=curves["run"].map({run: _words(quantity) for run, quantity in known.items()}),
        bound=curves["run"].map({run: quantity.bound for run, quantity in known.items()}),
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


def _words(quantity: Quantity) -> str:
    """Return the axis' label: an estimate of a distance is known up to a constant."""
    if quantity.is_distance:
        return "estimate E f(real) − E f(generated)"
    return f"{quantity.name}{f' in {quantity.unit}' if quantity.unit else ''}"


def _caption(results: Results, known: Mapping[str, Quantity]) -> str:
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
    for quantity in dict.fromkeys(known.values()):
        if not quantity.is_distance:
            methods = results.facts[results.facts["run"].map(known) == quantity]["label"]
            most = f" (at most {number(quantity.bound)}, dotted)" if quantity.bound else ""
            caption += f"{listed(in_order(methods))}: of the {_words(quantity)}{most}. "
    return caption


def _findings(curves: pd.DataFrame) -> list[Finding]:
    by = ["measures", "label", "run"]
    means = curves.groupby([*by, "iteration"])["filtered"].mean()
    ratios = means.groupby(by).agg(lambda curve: curve.iloc[-1] / curve.max())
    medians = ratios.groupby(["measures", "label"]).median()
    shares = {
        str(measures): {label: number(medians[measures][label], 2) for label in in_order(labels)}
        for measures, labels in curves.groupby("measures")["label"]
    }
    statement = "Last value of the filtered curve as a share of its largest, median over runs"
    return [Finding(statement, shares)] if shares else []


def _panels(curves: pd.DataFrame, rows: str, columns: str, order: Sequence[str]) -> Drawing:
    names = [name for name in order if name in set(curves[columns])]
    heads = [*dict.fromkeys(curves[rows])] if rows != "label" else in_order(curves[rows])
    down, across = max(len(heads), 1), max(len(names), 1)
    width = float(np.clip(WIDTH / across, NARROWEST_PANEL, WIDEST_PANEL))
    size = (width * across + 1.3, PANEL_HEIGHT * down + 0.5)
    figure, grid = plt.subplots(down, across, squeeze=False, figsize=size)
    colour = colours(curves["label"])
    for row, head in zip(grid, heads, strict=False):
        for axes, name in zip(row, names, strict=False):
            panel = curves[(curves[rows] == head) & (curves[columns] == name)]
            if panel.empty:
                axes.set(xticks=[], yticks=[])
                axes.spines[:].set_visible(False)
            else:
                curve_panel(axes, panel, colour)
        words = textwrap.fill(head, LABEL_WIDTH)
        row[0].set_ylabel(words, fontsize=8.5, rotation=0, ha="right", va="center")
    for axes, name in zip(grid[0], names, strict=False):
        axes.set_title(name)
    figure.align_ylabels(grid[:, 0])
    figure.supxlabel("generator iteration", fontsize=9)
    figure.supylabel("\n".join(dict.fromkeys(curves["measures"])), fontsize=9)
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
    few_ticks(axes, 3, 3)


def _filtered(history: pd.DataFrame) -> pd.DataFrame:
    """Return a run's filtered curve: mean, smallest and largest over seeds by iteration."""
    values = history.groupby("iteration")["filtered"].agg(SPREAD)
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
    for bound in panel["bound"].unique() if panel["bound"].notna().all() else ():
        axes.axhline(bound, ls=":", lw=1, c=MUTED)
        high = max(high, bound)
    if np.isfinite([low, high]).all() and high > low:
        margin = 0.06 * (high - low)
        axes.set_ylim(low - margin, high + margin)
