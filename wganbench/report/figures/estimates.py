"""The critic's estimate against exact W1: every evaluation point of every seed."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D

from wganbench.gather.load import Results
from wganbench.gather.statistics import rank_correlation
from wganbench.report.style.blocks import Cell, Figure, Finding, Table, to_svg
from wganbench.report.style.looks import FLOOR, INK, colours, drawing, in_order, markers, powers
from wganbench.report.style.wording import count, mean_range, number

ESTIMATES = {
    "estimate_heldout": "raw estimate",
    "normalised": "estimate / largest gradient norm",
}
PANEL = 3.3  # inches
LEGEND_COLUMNS = 4
PADDING = 1.3  # of the axes, as a factor


def estimate_figure(results: Results, name: str, title: str) -> Figure:
    """Return scatter plots of estimates against exact W1, a column per law."""
    points = _points(results)
    drawable = points[points["value"] > 0]
    findings = _findings(points, results)
    with drawing():
        figure = _scatter(drawable)
        markup = to_svg(figure, name, title, findings)
    hidden = int((points["value"] <= 0).sum())
    caption = (
        "One point per seed and evaluation point; the estimate and the exact W1 are taken on the "
        "same held-out samples. Dashed: estimate = W1. Grey band: the floor, the exact W1 between "
        "two samples of the law itself (mean ± 2 sd), below which W1 cannot be told from 0. "
        "Dividing by the critic's largest gradient norm makes the estimate a lower bound of W1, as "
        "far as that norm, found on samples and their interpolates, is the largest there is. "
    )
    if hidden:
        caption += (
            f"{count(hidden, 'estimate')} of {len(points):,} (raw and normalised) are 0 or "
            "negative and have no place on these axes. "
        )
    if "divergence" in set(points["measures"]):
        caption += (
            "Hollow: the gap between a GAN discriminator's mean logits, which its objective does "
            "not make an estimate of W1; it is there to compare."
        )
    return Figure(name, title, findings, caption, markup, points)


def estimate_table(results: Results, name: str) -> Table:
    """Return how each method's estimate ranks and scales with exact W1."""
    table = _with_law(results)
    laws: list[str] = list(dict.fromkeys(table["law"]))
    columns = _ranks(table) | _last_values(table[table["iteration"] == table["iterations"]])
    rows = [
        [
            Cell(law),
            Cell(label),
            *(_cell(values.get((law, label), [])) for values in columns.values()),
        ]
        for law in laws
        for label in in_order(table.loc[table["law"] == law, "label"])
    ]
    return Table(
        name,
        "How the estimate ranks and scales with exact W1",
        _TABLE_CAPTION,
        ["law", "method", *columns],
        rows,
        behind=list(results.runs),
    )


def _with_law(results: Results) -> pd.DataFrame:
    """Return the evaluations of seeds that did not diverge, with the law's name or id."""
    facts = results.facts
    ids = facts.groupby("data")["data_id"].transform("nunique")
    named = facts["data_id"].where(ids > 1, facts["data"])
    table = results.evaluations[results.evaluations["ok"]]
    return table.assign(law=table["run"].map(dict(zip(facts["run"], named, strict=True))))


_TABLE_CAPTION = (
    "Mean (smallest to largest seed) of Spearman's rank correlation along each seed's evaluation "
    "points, and of the last evaluation point's values. A correlation of 1 means that the estimate "
    "falls exactly when W1 does; fixed pairs have none, as their W1 does not vary. A dash: no "
    "value, as for a critic that is flat. A GAN's estimate is its logit gap, which claims nothing "
    "about W1."
)
_Values = dict[tuple[str, str], list[float]]


def _ranks(table: pd.DataFrame) -> dict[str, _Values]:
    """Return the columns of rank correlations, by law and method; those without any left out."""
    columns: dict[str, _Values] = {}
    for key, heading in (("estimate_heldout", "raw"), ("normalised", "normalised")):
        values: _Values = {}
        by = ["law", "label", "run", "seed"]
        for (law, label, _, _), course in table.groupby(by, sort=False):
            correlation = rank_correlation(course[key], course["w1"])
            if correlation is not None:
                values.setdefault((str(law), str(label)), []).append(correlation)
        if values:
            columns[f"rank correlation, {heading}"] = values
    return columns


def _last_values(last: pd.DataFrame) -> dict[str, _Values]:
    shown = {
        "estimate, raw": last["estimate_heldout"],
        "estimate, normalised": last["normalised"],
        "exact W1": last["w1"],
        "floor": last["floor"],
        "normalised / exact": last["normalised"] / last["w1"],
    }
    by = [last["law"], last["label"]]
    return {
        heading: {(str(law), str(label)): of.tolist() for (law, label), of in values.groupby(by)}
        for heading, values in shown.items()
    }


def _cell(values: list[float]) -> Cell:
    known = [value for value in values if np.isfinite(value)]
    return Cell(mean_range(known, 2), key=float(np.mean(known)) if known else None)


def _points(results: Results) -> pd.DataFrame:
    table = results.evaluations[results.evaluations["ok"]].dropna(subset=["w1"])
    kind = np.where(table["divergence_heldout"].notna(), "divergence", "distance")
    return (
        table.assign(measures=kind)
        .melt(
            ["run", "seed", "iteration", "data", "label", "measures", "w1", "floor", "floor_sd"],
            list(ESTIMATES),
            var_name="which",
        )
        .dropna(subset=["value"])
    )


def _findings(points: pd.DataFrame, results: Results) -> list[Finding]:
    """Say how large each critic's estimate is in units of exact W1, and whether it ranks alike."""
    critics = points[(points["measures"] == "distance") & (points["w1"] > 0)]
    ratios = critics.assign(ratio=critics["value"] / critics["w1"])
    medians = ratios.groupby(["which", "label"])["ratio"].median()
    sizes: dict[str, dict[str, str]] = {}
    for which, words in ESTIMATES.items():
        if which in medians.index.get_level_values(0):
            of = medians.loc[which]
            sizes[words] = {label: number(of[label], 2) for label in in_order(of.index)}
    ranks: dict[str, dict[str, str]] = {}
    for (law, label), values in next(iter(_ranks(_with_law(results)).values()), {}).items():
        if label in set(critics["label"]):
            ranks.setdefault(law, {})[label] = mean_range(values, 2)
    findings = [
        Finding("Critics' estimates as multiples of exact W1, median of all points", sizes),
        Finding(
            "Rank correlation of the raw estimate with exact W1 along training, mean over seeds "
            "(smallest to largest)",
            ranks,
        ),
    ]
    return [each for each in findings if each.columns]


def _scatter(points: pd.DataFrame) -> Drawing:
    laws = list(dict.fromkeys(points["data"]))
    figure, grid = plt.subplots(
        len(ESTIMATES), max(len(laws), 1),
        figsize=(PANEL * max(len(laws), 1) + 0.7, 0.92 * PANEL * len(ESTIMATES) + 0.4),
        sharex="col", sharey="row", squeeze=False, layout="constrained",
    )  # fmt: skip
    colour, marker = colours(points["label"]), markers(points["label"])
    for row, (which, words) in enumerate(ESTIMATES.items()):
        of_row = points[points["which"] == which]
        for column, law in enumerate(laws):
            axes = grid[row, column]
            _panel(axes, of_row[of_row["data"] == law], colour, marker)
            if row == 0:
                axes.set_title(law)
            else:
                axes.set_xlabel("exact W1 (the law's unit of length)")
        if len(of_row):
            _logarithmic(grid[row, 0], of_row)
        grid[row, 0].set_ylabel(words)
    labels = in_order(points["label"])
    gans = set(points.loc[points["measures"] == "divergence", "label"])
    handles = [
        Line2D([], [], ls="", marker=marker[label], ms=6, mec=colour[label], label=label,
               mfc="none" if label in gans else colour[label])
        for label in labels
    ]  # fmt: skip
    handles.append(Line2D([], [], ls="--", lw=1, c=INK, label="estimate = W1"))
    handles.append(Line2D([], [], lw=6, c=FLOOR, alpha=0.6, label="floor ± 2 sd"))
    figure.legend(handles=handles, loc="outside upper left", ncols=LEGEND_COLUMNS)
    return figure


def _panel(
    axes: Axes, points: pd.DataFrame, colour: dict[str, str], marker: dict[str, str]
) -> None:
    axes.set(xscale="log", yscale="log")
    if points.empty:
        axes.text(0.5, 0.5, "no positive estimate", ha="center", transform=axes.transAxes)
        return
    for measures, of in points.groupby("measures"):
        sns.scatterplot(
            of, x="w1", y="value", hue="label", style="label", palette=colour, markers=marker,
            s=16, linewidth=0 if measures == "distance" else 0.8, legend=False, ax=axes,
            alpha=0.75, rasterized=True,
        )  # fmt: skip
        if measures == "divergence":  # hollow
            drawn = axes.collections[-1]
            drawn.set_edgecolor(drawn.get_facecolor())
            drawn.set_facecolor("none")
    axes.set(xlabel="", ylabel="")
    floor, sd = points["floor"].mean(), points["floor_sd"].mean()
    axes.axvspan(max(floor - 2 * sd, 1e-12), floor + 2 * sd, color=FLOOR, alpha=0.35, lw=0)
    low = min(points["w1"].min(), floor) / PADDING
    high = points["w1"].max() * PADDING
    axes.plot([low, high], [low, high], ls="--", lw=1, c=INK)
    axes.set_xlim(low, high)
    powers(axes.xaxis, low, high)


def _logarithmic(axes: Axes, points: pd.DataFrame) -> None:
    low = min(points["value"].min(), points["w1"].min())
    high = max(points["value"].max(), points["w1"].max())
    axes.set_ylim(low / PADDING, high * PADDING)
    powers(axes.yaxis, low, high)
