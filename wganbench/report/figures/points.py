"""Why interpolates: gradient norms on real samples, generated ones and between, by penalty."""

from collections.abc import Iterator, Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from wganbench.gather.load import Results
from wganbench.gather.study import comparing
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn
from wganbench.report.style.looks import INK, by_label, colours
from wganbench.report.style.wording import mean_range

POINTS = ("real samples", "model's samples", "interpolates")  # the order in samples.npz
WHISKERS = (5, 95)  # percentiles
WIDTH, ROW = 3.4, 0.36  # inches
_BOX = ("whisker_low", "quartile_low", "median", "quartile_high", "whisker_high")
_CAPTION = (
    "Norms of the critic's input gradient at the last evaluation, on the saved held-out "
    "samples of either law and between them, all seeds together. Box: quartiles with the "
    f"median; whiskers: {WHISKERS[0]}th to {WHISKERS[1]}th percentile. Dashed: 1, the slope of "
    "an optimal critic along transport rays. In brackets: where the penalty looks. "
    "Each panel has its own scale."
)
Norms = Mapping[str, np.ndarray]
"""By method: seed, kind of point, sample."""


def points_figures(results: Results, ends: pd.DataFrame) -> Iterator[Figure]:
    """Yield a figure per pair on which penalties are compared that look at different points."""
    table = comparing(ends)
    points = {
        run: results.runs[run].configuration.get("constraint.points")
        for run in dict.fromkeys(table["run"])
    }
    table = table[table["run"].map(points).notna()]
    for pair, rows in table.groupby("pair", sort=False):
        if len({points[run] for run in rows["run"]}) > 1:
            yield _figure(results, rows, str(pair))


def _figure(results: Results, table: pd.DataFrame, pair: str) -> Figure:
    name = f"study-points-{pair}".replace(" ", "-")
    title = f"Where a penalty looks, and where the slope is held ({pair})"
    runs = {label: str(rows["run"].iloc[0]) for label, rows in by_label(table)}
    norms = {label: _norms(results, run) for label, run in runs.items()}
    boxes = _boxes(norms, runs)
    return drawn(name, title, _findings(norms, table), _CAPTION, boxes, lambda: _drawing(norms))


def _boxes(norms: Norms, runs: Mapping[str, str]) -> pd.DataFrame:
    low, high = WHISKERS
    return pd.DataFrame(
        [
            {"run": runs[label], "label": label, "points": kind}
            | dict(zip(_BOX, np.percentile(seeds[:, k], [low, 25, 50, 75, high]), strict=True))
            for label, seeds in norms.items()
            for k, kind in enumerate(POINTS)
        ]
    )


def _drawing(norms: Norms) -> Drawing:
    colour = colours(norms)
    size = (3 * WIDTH + 1.2, ROW * len(norms) + 1.0)
    figure, grid = plt.subplots(1, 3, figsize=size, sharey=True)
    for kind, axes in enumerate(grid):
        boxes = axes.boxplot(
            [seeds[:, kind].ravel() for seeds in norms.values()], orientation="horizontal",
            whis=WHISKERS, showfliers=False, patch_artist=True, widths=0.6,
            medianprops={"color": INK}, whiskerprops={"color": INK}, capprops={"color": INK},
        )  # fmt: skip
        for box, label in zip(boxes["boxes"], norms, strict=True):
            box.set(facecolor=colour[label], alpha=0.8, linewidth=0)
        axes.axvline(1, c=INK, ls="--", lw=1)
        axes.set(title=f"on {POINTS[kind]}", xlabel="gradient norm |∇f|")
        axes.set_yticks(range(1, len(norms) + 1), [_words(label) for label in norms])
    grid[0].invert_yaxis()
    return figure


def _words(label: str) -> str:
    return label if "(" in label else f"{label} (on interpolates)"


def _norms(results: Results, run: str) -> np.ndarray:
    """Return each good seed's norms at its last evaluation: seed, kind of point, sample."""
    samples = results.samples(run)
    ok = set(results.records[run].ok_seeds())
    assert samples.gradient_norms is not None, "a critic was trained"
    rows = [
        samples.gradient_norms[s, np.flatnonzero(samples.valid[s])[-1]]
        for s, seed in enumerate(samples.seeds)
        if int(seed) in ok and samples.valid[s].any()
    ]
    return np.stack(rows).astype(np.float64)


def _findings(norms: Norms, table: pd.DataFrame) -> list[Finding]:
    values: dict[str, dict[str, str]] = {}
    for label, seeds in norms.items():
        rows = table[table["label"] == label]
        values[_words(label)] = {
            **{f"on {kind}": mean_range(seeds[:, k].mean(-1), 2) for k, kind in enumerate(POINTS)},
            "mean |norm - 1| on interpolates": mean_range(np.abs(seeds[:, -1] - 1).mean(-1), 2),
            "raw estimate / reference": mean_range(rows["estimate_heldout"] / rows["truth"], 2),
            "largest norm": mean_range(rows["gradient_norm_max"], 2),
        }
    return [Finding("Mean gradient norm by kind of point, mean (smallest to largest) seed", values)]
