"""Samples of laws in the plane over training, over the real ones."""

from collections.abc import Iterator, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.figure import Figure as Drawing
from scipy.ndimage import gaussian_filter

from wganbench.gather.load import Results
from wganbench.report.style.blocks import Figure, Finding, to_svg
from wganbench.report.style.looks import REAL, colours, drawing, in_order
from wganbench.report.style.wording import NOTHING, count, listed, mean_sd

LAWS_ABREAST = 3
MOST_ROWS = 8
TIMES = 3  # tiles per law: early, midway, last
TILE = 1.15  # inches
GAP = 0.2  # tiles, between laws
BINS = 120  # of a density, along each axis
BLUR = 1.0  # bins
FULL = 24  # the share 1 / FULL^2 of all samples in one bin has the full colour
REAL_SHOWN = 600
MARGIN = 0.12  # of the real samples' extent


def samples_figures(results: Results, name: str) -> Iterator[Figure]:
    """Yield figures of some laws each: methods below one another, times beside."""
    laws = list(dict.fromkeys(results.facts["data"]))
    for abreast in _batches(laws):
        title = f"Samples over training: {listed(abreast)}"
        findings = _covered(results, abreast)
        this = f"{name}-{'-'.join(abreast)}"
        with drawing():
            figure, shown = _tiles(results, abreast)
            markup = to_svg(figure, this, title, findings)
        seeds = [str(seed) for seed in sorted({seed for of in shown for seed in of["seed"]})]
        caption = (
            f"Colour: density of the generated samples of seed {listed(seeds) or NOTHING}, on a "
            "square-root scale; grey: real held-out samples. Above each tile its iteration; "
            "samples beyond a tile are not shown."
        )
        lost = len(_labels(results, abreast)) - MOST_ROWS
        caption += f" {count(lost, 'further method')} would not fit." if lost > 0 else ""
        yield Figure(this, title, findings, caption, markup, pd.concat(shown))


def _labels(results: Results, laws: Sequence[str]) -> list[str]:
    return in_order(results.facts.loc[results.facts["data"].isin(laws), "label"])


def _batches(laws: Sequence[str]) -> list[Sequence[str]]:
    return [laws[k : k + LAWS_ABREAST] for k in range(0, len(laws), LAWS_ABREAST)]


def _covered(results: Results, laws: Sequence[str]) -> list[Finding]:
    """Say how many modes each method covers at the end, on the laws that have modes."""
    final = results.final()
    final = final[final["data"].isin(laws) & final["modes"].notna()]
    covered = {
        f"{law}, of {of_law['modes'].iloc[0]:.0f}": {
            str(label): mean_sd(of["modes_loose"], 2) for label, of in of_law.groupby("label")
        }
        for law, of_law in final.groupby("data", sort=False)
    }
    statement = "Modes covered at the end (loosely), mean ± standard deviation over seeds"
    return [Finding(statement, covered)] if covered else []


def _tiles(results: Results, laws: Sequence[str]) -> tuple[Drawing, list[pd.DataFrame]]:
    """Return the drawing and the samples it shows."""
    facts = results.facts
    labels = _labels(results, laws)[:MOST_ROWS]
    colour = colours(facts["label"])
    width = TIMES + GAP
    figure, grid = plt.subplots(
        len(labels), (TIMES + 1) * len(laws), squeeze=False,
        figsize=(width * len(laws) * TILE + 1, len(labels) * (TILE + 0.12) + 0.3),
        gridspec_kw={
            "wspace": 0.06, "hspace": 0.18, "width_ratios": ([1] * TIMES + [GAP]) * len(laws)
        },
    )  # fmt: skip
    shown = [pd.DataFrame(columns=["run", "law", "label", "seed", "iteration", "x", "y"])]
    for row, label in enumerate(labels):
        for column, law in enumerate(laws):
            *tiles, gap = grid[row, (TIMES + 1) * column : (TIMES + 1) * (column + 1)]
            gap.set_axis_off()
            runs = facts.loc[(facts["data"] == law) & (facts["label"] == label), "run"]
            parts = _row(results, runs.iloc[0] if len(runs) else None, tiles, colour[label])
            shown.extend(part.assign(law=law, label=label) for part in parts)
            if row == 0:
                tiles[0].annotate(law, (0, 1.22), xycoords="axes fraction", fontsize=10)
        grid[row, 0].set_ylabel(label, fontsize=8.5, rotation=0, ha="right", va="center")
    return figure, shown


def _row(
    results: Results, run: str | None, tiles: list[Axes], colour: str
) -> Iterator[pd.DataFrame]:
    """Draw a run's first seed that did not diverge, and yield each tile's samples."""
    for axes in tiles:
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    if run is None:
        return
    ok = results.records[run].ok_seeds()
    if not ok:
        tiles[0].text(0, 0.5, "every seed diverged", transform=tiles[0].transAxes, fontsize=8)
        return
    samples = results.samples(run)
    row, last = list(samples.seeds).index(ok[0]), len(samples.iterations) - 1
    for axes, point in zip(tiles, (0, last // 2, last), strict=True):
        axes.set_title(f"{samples.iterations[point]:,}", fontsize=7.5, pad=2)
        _density(axes, samples.generated[row, point], samples.real, colour)
        x, y = samples.generated[row, point].T
        at = int(samples.iterations[point])
        yield pd.DataFrame({"run": run, "seed": ok[0], "iteration": at, "x": x, "y": y})


def _density(
    axes: Axes, generated: Float[np.ndarray, "n 2"], real: Float[np.ndarray, "m 2"], colour: str
) -> None:
    """Draw real samples as grey dots and the generated ones' blurred histogram over them."""
    low, high = real.min(0), real.max(0)
    half = (0.5 + MARGIN) * float((high - low).max())
    (left, bottom), (right, top) = (low + high) / 2 - half, (low + high) / 2 + half
    some = real[:REAL_SHOWN]
    axes.scatter(some[:, 0], some[:, 1], s=1.2, c=REAL, alpha=0.6, lw=0, rasterized=True)
    counts, _, _ = np.histogram2d(
        generated[:, 0], generated[:, 1], bins=BINS, range=[[left, right], [bottom, top]]
    )
    density = np.sqrt(gaussian_filter(counts, BLUR))
    fade = LinearSegmentedColormap.from_list("fade", [to_rgba(colour, 0), to_rgba(colour, 1)])
    axes.imshow(
        density.T, origin="lower", extent=(left, right, bottom, top), cmap=fade, vmin=0,
        vmax=float(np.sqrt(len(generated))) / FULL, interpolation="bilinear", rasterized=True,
    )  # fmt: skip
    axes.set(xlim=(left, right), ylim=(bottom, top), aspect="equal")
