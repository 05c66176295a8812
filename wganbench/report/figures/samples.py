"""Samples of laws in the plane over training, over the real ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from scipy.ndimage import gaussian_filter

from wganbench.gather.load import Results
from wganbench.report.style.blocks import Drawing, Figure, Finding, compared, drawn
from wganbench.report.style.looks import REAL, colours, in_order
from wganbench.report.style.wording import NOTHING, count, listed, mean_sd

LAWS_ABREAST = 3
MOST_ROWS = 8
TIMES = 3  # tiles per law: early, midway, last
PLANE = (2,)  # the shape of a sample there; laws on the line have figures of their own
TILE = 1.15  # inches
GAP = 0.2  # tiles, between laws
BINS = 120  # of a density, along each axis
BLUR = 1.0  # bins
FULL = 24  # the share 1 / FULL^2 of all samples in one bin has the full colour
REAL_SHOWN = 600
MARGIN = 0.12  # of the real samples' extent
_CAPTION = (
    "Colour: density of the generated samples of seed {seeds}, on a square-root scale; grey: real "
    "held-out samples. Above each tile its iteration; samples beyond a tile are not shown."
)
_NOTHING_SHOWN = pd.DataFrame(columns=["run", "law", "label", "seed", "iteration", "x", "y"])


@dataclass(frozen=True)
class Tile:
    """A run's samples at one point of training."""

    iteration: int
    table: pd.DataFrame
    """What is drawn, a row per sample."""
    real: Float[np.ndarray, "m 2"]


def samples_figures(results: Results, name: str) -> Iterator[Figure]:
    """Yield figures of some laws each: methods below one another, times beside."""
    used = [results.runs[run].configuration.data for run in results.facts["run"]]
    laws = list(dict.fromkeys(data.name for data in used if data.shape == PLANE))
    for k in range(0, len(laws), LAWS_ABREAST):
        abreast = laws[k : k + LAWS_ABREAST]
        rows = _rows(results, abreast)
        shown = [_NOTHING_SHOWN, *(tile.table for row in rows.values() for tile in row or ())]
        seeds = sorted({str(seed) for table in shown for seed in table["seed"]}, key=int)
        caption = _CAPTION.format(seeds=listed(seeds) or NOTHING)
        lost = len(_labels(results, abreast)) - MOST_ROWS
        caption += f" {count(lost, 'further method')} would not fit." if lost > 0 else ""
        yield drawn(
            f"{name}-{'-'.join(abreast)}", f"Samples over training: {listed(abreast)}",
            [*_covered(results, abreast), *_distant(results, abreast)], caption, pd.concat(shown),
            partial(_drawing, rows, abreast, colours(results.facts["label"])),
        )  # fmt: skip


def _labels(results: Results, laws: Sequence[str]) -> list[str]:
    return in_order(results.facts.loc[results.facts["data"].isin(laws), "label"])


def _covered(results: Results, laws: Sequence[str]) -> list[Finding]:
    """State how many modes each method covers at the end, on the laws that have modes."""
    final = results.final()
    final = final[final["data"].isin(laws) & final["modes"].notna()]
    heads = final["data"] + ", of " + final["modes"].map("{:.0f}".format).astype(str)
    covered = compared(final.assign(law=heads), "law", "modes_loose", 2, mean_sd)
    statement = "Modes covered at the end (loosely), mean ± standard deviation over seeds"
    return [Finding(statement, covered)] if covered else []


def _distant(results: Results, laws: Sequence[str]) -> list[Finding]:
    """State how far each method is from the data at the end, on the laws that have no modes."""
    final = results.final()
    final = final[final["data"].isin(laws) & final["modes"].isna()].dropna(subset=["w1"])
    over = final.assign(law=final["data"], over_floor=final["w1"] / final["floor"])
    statement = "Exact W1 at the end over its floor, mean ± standard deviation over seeds"
    distances = compared(over, "law", "over_floor", 2, mean_sd)
    return [Finding(statement, distances)] if distances else []


def _rows(results: Results, laws: Sequence[str]) -> dict[tuple[str, str], list[Tile] | None]:
    """Return the tiles of each method and law that has a run; None where every seed diverged."""
    rows: dict[tuple[str, str], list[Tile] | None] = {}
    for label in _labels(results, laws)[:MOST_ROWS]:
        for law in laws:
            here = results.facts[["data", "label"]].eq([law, label]).all(axis="columns")
            if here.any():
                run = str(results.facts.loc[here, "run"].iloc[0])
                tiles = list(_tiles(results, run, law, label))
                rows[label, law] = tiles or None
    return rows


def _tiles(results: Results, run: str, law: str, label: str) -> Iterator[Tile]:
    """Yield the samples of a run's first seed that did not diverge: early, midway and last."""
    ok = results.records[run].ok_seeds()
    if not ok:
        return
    samples = results.samples(run)
    row, last = list(samples.seeds).index(ok[0]), len(samples.iterations) - 1
    for point in (0, last // 2, last):
        x, y = samples.generated[row, point].T
        at = int(samples.iterations[point])
        table = pd.DataFrame({"run": run, "seed": ok[0], "iteration": at, "x": x, "y": y})
        yield Tile(at, table.assign(law=law, label=label), samples.real)


def _drawing(
    rows: Mapping[tuple[str, str], list[Tile] | None], laws: Sequence[str], colour: dict[str, str]
) -> Drawing:
    labels = list(dict.fromkeys(label for label, _ in rows))
    width = TIMES + GAP
    figure, grid = plt.subplots(
        len(labels), (TIMES + 1) * len(laws), squeeze=False, layout="none",
        figsize=(width * len(laws) * TILE + 1, len(labels) * (TILE + 0.12) + 0.3),
        gridspec_kw={
            "wspace": 0.06, "hspace": 0.18, "width_ratios": ([1] * TIMES + [GAP]) * len(laws)
        },
    )  # fmt: skip
    for row, label in zip(grid, labels, strict=True):
        for k, law in enumerate(laws):
            *places, gap = row[(TIMES + 1) * k : (TIMES + 1) * (k + 1)]
            gap.set_axis_off()
            _draw_row(places, rows.get((label, law), []), colour[label])
        row[0].set_ylabel(label, fontsize=8.5, rotation=0, ha="right", va="center")
    for law, axes in zip(laws, grid[0, :: TIMES + 1], strict=True):
        axes.annotate(law, (0, 1.22), xycoords="axes fraction", fontsize=10)
    return figure


def _draw_row(places: Sequence[Axes], tiles: list[Tile] | None, colour: str) -> None:
    for axes in places:
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
    if tiles is None:
        places[0].text(0, 0.5, "every seed diverged", transform=places[0].transAxes, fontsize=8)
    for axes, tile in zip(places, tiles or [], strict=False):
        axes.set_title(f"{tile.iteration:,}", fontsize=7.5, pad=2)
        _density(axes, tile.table[["x", "y"]].to_numpy(), tile.real, colour)


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
