"""Why interpolates: gradient norms on real samples, generated ones and between, by penalty."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from wganbench.gather.load import Results
from wganbench.gather.study import comparing, value_of
from wganbench.report.style.blocks import Figure, Finding, to_svg
from wganbench.report.style.looks import INK, colours, drawing, in_order
from wganbench.report.style.wording import mean_range

POINTS = ("real samples", "model's samples", "interpolates")  # the order in samples.npz
WHISKERS = (5, 95)  # percentiles
WIDTH, ROW = 3.4, 0.36  # inches


def points_figures(results: Results, ends: pd.DataFrame) -> Iterator[Figure]:
    """Yield a figure per pair on which penalties are compared that look at different points."""
    table = comparing(ends)
    looks = {
        run: value_of(results.runs[run].configuration, "constraint.points")
        for run in dict.fromkeys(table["run"])
    }
    table = table[table["run"].map(looks).notna()]
    for pair, of in table.groupby("pair", sort=False):
        if len({looks[run] for run in of["run"]}) > 1:
            yield _figure(results, of, str(pair))


def _figure(results: Results, table: pd.DataFrame, pair: str) -> Figure:
    name = f"study-points-{pair}".replace(" ", "-")
    title = f"Where a penalty looks, and where the slope is held ({pair})"
    labels = in_order(table["label"])
    runs = {label: str(table.loc[table["label"] == label, "run"].iloc[0]) for label in labels}
    norms = {label: _norms(results, run) for label, run in runs.items()}
    findings = _findings(norms, table)
    colour = colours(labels)
    with drawing():
        size = (3 * WIDTH + 1.2, ROW * len(labels) + 1.0)
        figure, grid = plt.subplots(1, 3, figsize=size, sharey=True, layout="constrained")
        for kind, axes in enumerate(grid):
            boxes = axes.boxplot(
                [norms[label][:, kind].ravel() for label in labels], orientation="horizontal",
                whis=WHISKERS, showfliers=False, patch_artist=True, widths=0.6,
                medianprops={"color": INK}, whiskerprops={"color": INK}, capprops={"color": INK},
            )  # fmt: skip
            for box, label in zip(boxes["boxes"], labels, strict=True):
                box.set(facecolor=colour[label], alpha=0.8, linewidth=0)
            axes.axvline(1, c=INK, ls="--", lw=1)
            axes.set(title=f"on {POINTS[kind]}", xlabel="gradient norm |∇f|")
            axes.set_yticks(range(1, len(labels) + 1), [_words(label) for label in labels])
        grid[0].invert_yaxis()
        markup = to_svg(figure, name, title, findings)
    caption = (
        "Norms of the critic's input gradient at the last evaluation, on the saved held-out "
        "samples of either law and between them, all seeds together. Box: quartiles with the "
        f"median; whiskers: {WHISKERS[0]}th to {WHISKERS[1]}th percentile. Dashed: 1, the slope of "
        "an optimal critic along transport rays. In brackets: where the penalty looks. "
        "Each panel has its own scale."
    )
    return Figure(name, title, findings, caption, markup, _boxes(norms, runs))


def _boxes(norms: dict[str, np.ndarray], runs: dict[str, str]) -> pd.DataFrame:
    """Return what each box shows."""
    names = ["whisker_low", "quartile_low", "median", "quartile_high", "whisker_high"]
    return pd.DataFrame(
        [
            {"run": runs[label], "label": label, "points": kind}
            | dict(
                zip(names, np.percentile(of[:, k], [WHISKERS[0], 25, 50, 75, WHISKERS[1]]),
                    strict=True)
            )
            for label, of in norms.items()
            for k, kind in enumerate(POINTS)
        ]
    )  # fmt: skip


def _words(label: str) -> str:
    return label if "(" in label else f"{label} (on interpolates)"


def _norms(results: Results, run: str) -> np.ndarray:
    """Return each good seed's norms at its last evaluation: seed, kind of point, sample."""
    samples = results.samples(run)
    ok = set(results.records[run].ok_seeds())
    rows = [
        samples.gradient_norms[s, np.flatnonzero(samples.valid[s])[-1]]
        for s, seed in enumerate(samples.seeds)
        if int(seed) in ok and samples.valid[s].any()
    ]
    return np.stack(rows).astype(np.float64)


def _findings(norms: dict[str, np.ndarray], table: pd.DataFrame) -> list[Finding]:
    values: dict[str, dict[str, str]] = {}
    for label, of in norms.items():
        rows = table[table["label"] == label]
        values[_words(label)] = {
            **{f"on {kind}": mean_range(of[:, k].mean(-1), 2) for k, kind in enumerate(POINTS)},
            "mean |norm - 1| on interpolates": mean_range(np.abs(of[:, -1] - 1).mean(-1), 2),
            "raw estimate / reference": mean_range(rows["estimate_heldout"] / rows["truth"], 2),
            "largest norm": mean_range(rows["gradient_norm_max"], 2),
        }
    return [Finding("Mean gradient norm by kind of point, mean (smallest to largest) seed", values)]
