"""The critic's estimate against exact W1: every evaluation point of every seed."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from wganbench.gather.load import Results
from wganbench.gather.quantities import is_distance
from wganbench.gather.statistics import rank_correlation
from wganbench.report.style.blocks import Drawing, Figure, Finding, compared, drawn
from wganbench.report.style.looks import FLOOR, INK, colours, in_order, looks, markers, powers
from wganbench.report.style.marks import entry, span_handle
from wganbench.report.style.wording import count, number

ESTIMATES = {
    "estimate_heldout": "raw estimate",
    "normalised": "estimate / largest gradient norm",
}
PANEL = 3.3  # inches
PADDING = 1.3  # of the axes, as a factor
RAW_RANK = "rank correlation, raw"
RANKS = {RAW_RANK: "estimate_heldout", "rank correlation, normalised": "normalised"}
SEED = ["law", "label", "run", "seed"]

_CAPTION = (
    "One point per seed and evaluation point; the estimate and the exact W1 are taken on the "
    "same held-out samples. Dashed: estimate = W1. Grey band: the floor, the exact W1 between "
    "two samples of the law itself (mean ± 2 sd), below which W1 cannot be distinguished from 0. "
    "Dividing by the critic's largest gradient norm makes the estimate a lower bound of W1, as "
    "far as that norm, found on samples and their interpolates, is the largest there is. "
)


def estimate_figures(results: Results, name: str, title: str) -> Iterator[Figure]:
    """Yield scatter plots of estimates against exact W1, a column per law, if they show anything.

    Where no critic estimates a distance, and evaluations are too few for a rank, they do not.
    """
    points = _points(results)
    findings = list(_findings(points, results))
    if not findings:
        return
    positive = points[points["value"] > 0]
    caption = _CAPTION
    if len(positive) < len(points):
        caption += (
            f"{count(len(points) - len(positive), 'estimate')} of {len(points):,} (raw and "
            "normalised) are 0 or negative and have no place on these axes. "
        )
    if not points["is_distance"].all():
        caption += (
            "Hollow: the gap between the mean values of critics whose objective does not make it "
            "an estimate of W1, as a GAN's; it is there to compare."
        )
    yield drawn(name, title, findings, caption, points, lambda: _scatter(positive))


def with_law(results: Results) -> pd.DataFrame:
    """Return the evaluations of seeds that did not diverge, with the law's name or id."""
    facts = results.facts
    ids = facts.groupby("data")["data_id"].transform("nunique")
    named = facts["data_id"].where(ids > 1, facts["data"])
    table = results.evaluations[results.evaluations["ok"]]
    return table.assign(law=table["run"].map(dict(zip(facts["run"], named, strict=True))))


def ranks(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rank correlations with exact W1, raw and normalised, a row for each seed."""
    rows = [
        dict(zip(SEED, key, strict=True))
        | {
            words: rank_correlation(history[column], history["w1"])
            for words, column in RANKS.items()
        }
        for key, history in table.groupby(SEED, sort=False)
    ]
    return pd.DataFrame(rows, columns=[*SEED, *RANKS]).astype(dict.fromkeys(RANKS, float))


def _points(results: Results) -> pd.DataFrame:
    table = results.evaluations[results.evaluations["ok"]].dropna(subset=["w1"])
    facts = ["run", "seed", "iteration", "data", "label", "w1", "floor", "floor_sd"]
    points = table.melt(facts, list(ESTIMATES), var_name="which").dropna(subset=["value"])
    return points.assign(is_distance=is_distance(points, results))


def _findings(points: pd.DataFrame, results: Results) -> Iterator[Finding]:
    critics = points[points["is_distance"] & (points["w1"] > 0)]
    medians = (critics["value"] / critics["w1"]).groupby([critics["which"], critics["label"]])
    sizes = {
        words: {label: number(size, 2) for label, size in medians.median()[which].items()}
        for which, words in ESTIMATES.items()
        if which in set(critics["which"])
    }
    seeds = ranks(with_law(results)).dropna(subset=[RAW_RANK])
    seeds = seeds[seeds["label"].isin(set(critics["label"]))]
    ranked = compared(seeds, "law", RAW_RANK, 2)
    if sizes:
        yield Finding("Critics' estimates as multiples of exact W1, median of all points", sizes)
    if ranked:
        yield Finding(
            "Rank correlation of the raw estimate with exact W1 along training, mean over seeds "
            "(smallest to largest)",
            ranked,
        )


def _scatter(points: pd.DataFrame) -> Drawing:
    laws = list(dict.fromkeys(points["data"]))
    down, across = len(ESTIMATES), max(len(laws), 1)
    figure, grid = plt.subplots(
        down, across, sharex="col", sharey="row", squeeze=False,
        figsize=(PANEL * across + 0.7, 0.92 * PANEL * down + 0.4),
    )  # fmt: skip
    for row, (which, words) in zip(grid, ESTIMATES.items(), strict=True):
        of_row = points[points["which"] == which]
        for axes, law in zip(row, laws, strict=False):
            _panel(axes, of_row[of_row["data"] == law], in_order(points["label"]))
        if len(of_row):
            low = min(of_row["value"].min(), of_row["w1"].min())
            high = max(of_row["value"].max(), of_row["w1"].max())
            row[0].set_ylim(low / PADDING, high * PADDING)
            powers(row[0].yaxis, low, high)
        row[0].set_ylabel(words)
    for above, below, law in zip(grid[0], grid[-1], laws, strict=False):
        above.set_title(law)
        below.set_xlabel("exact W1 (the law's unit of length)")
    hollow = set(points.loc[~points["is_distance"], "label"])
    entries = [
        entry(label, ls="", marker=shape, ms=6, mec=ink, mfc="none" if label in hollow else ink)
        for label, (ink, shape) in looks(points["label"]).items()
    ]
    entries += [entry("estimate = W1", ls="--", lw=1, c=INK), span_handle("floor ± 2 sd", 0.6)]
    figure.legend(handles=entries, loc="outside upper left", ncols=4)
    return figure


def _panel(axes: Axes, points: pd.DataFrame, labels: list[str]) -> None:
    axes.set(xscale="log", yscale="log")
    if points.empty:
        axes.text(0.5, 0.5, "no positive estimate", ha="center", transform=axes.transAxes)
        return
    for solid, group in points.groupby("is_distance"):
        sns.scatterplot(
            group, x="w1", y="value", hue="label", style="label", palette=colours(labels),
            markers=markers(labels), s=16, linewidth=0 if solid else 0.8,
            legend=False, ax=axes, alpha=0.75, rasterized=True,
        )  # fmt: skip
        if not solid:
            marks = axes.collections[-1]
            marks.set_edgecolor(marks.get_facecolor())
            marks.set_facecolor("none")
    axes.set(xlabel="", ylabel="")
    floor, sd = points["floor"].mean(), points["floor_sd"].mean()
    axes.axvspan(max(floor - 2 * sd, 1e-12), floor + 2 * sd, color=FLOOR, alpha=0.35, lw=0)
    low = min(points["w1"].min(), floor) / PADDING
    high = points["w1"].max() * PADDING
    axes.plot([low, high], [low, high], ls="--", lw=1, c=INK)
    axes.set_xlim(low, high)
    powers(axes.xaxis, low, high)
