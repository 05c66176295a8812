"""[GP] figure 1a: value surfaces of critics trained on fixed pairs in the plane."""

from collections.abc import Iterator, Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from wganbench.gather.load import Results
from wganbench.gather.study import ends
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn, rows_of
from wganbench.report.style.looks import INK, in_order
from wganbench.report.style.wording import mean_range

TILE = 2.2  # inches
LEVELS = 11
SHOWN = 500  # real samples
SPAN = 3.0  # half the tile's side in units of the real samples' largest coordinate
VARIANTS = ("constraint.name", "constraint.points")
PLANE = 2  # dimensions
_CAPTION = (
    "Colour and contours: the critic's value over the plane, high in yellow, low in violet, "
    "from seed {seeds}; each panel has its own "
    "scale, from the smallest to the largest value in it, as the scale of a clipped critic is "
    "arbitrary. White dots: real samples, which the critic should value above their "
    "surroundings; the other law is they plus Gaussian noise. Axes: the law's unit of length, "
    f"up to {SPAN:g} times the real samples' largest coordinate on either side of 0, where the "
    "saved grid reaches as far. Of equal runs of several experiments the one trained longest "
    "is shown."
)


def surface_figures(study: Results, name: str) -> Iterator[Figure]:
    """Yield the value surfaces, laws below one another, methods abreast."""
    table = ends(study)
    chosen = _chosen(study, table)
    if not chosen:
        return
    surfaces = {key: _surface_of(study, run) for key, run in chosen.items()}
    real = {key: study.samples(run).real for key, run in chosen.items()}
    data = pd.concat(
        [surface.assign(law=law, label=label) for (law, label), surface in surfaces.items()]
    )
    seeds = ", ".join(str(seed) for seed in sorted(data["seed"].unique()))
    yield drawn(
        name, "Value surfaces of the trained critics", _findings(chosen, table),
        _CAPTION.format(seeds=seeds), data, lambda: _drawing(surfaces, real),
    )  # fmt: skip


def _chosen(study: Results, table: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return the run of each law and method: nothing ablated, the longest trained."""
    plain = table[table["ablated"].map(len).eq(0) & table["dim"].eq(PLANE)]
    chosen: dict[tuple[str, str], str] = {}
    for run, rows in plain.sort_values("iterations").groupby("run", sort=False):
        planned = study.runs[str(run)]
        if "data.law" in planned.point and not set(VARIANTS) & set(planned.point):
            chosen[str(rows["pair"].iloc[0]), str(rows["label"].iloc[0])] = str(run)
    laws = list(dict.fromkeys(table["pair"]))
    labels = in_order(label for _, label in chosen)
    order = sorted(chosen, key=lambda key: (laws.index(key[0]), labels.index(key[1])))
    return {key: chosen[key] for key in order}


def _drawing(
    surfaces: Mapping[tuple[str, str], pd.DataFrame], real: Mapping[tuple[str, str], np.ndarray]
) -> Drawing:
    laws = list(dict.fromkeys(law for law, _ in surfaces))
    labels = in_order(label for _, label in surfaces)
    size = (TILE * len(labels) + 0.4, TILE * len(laws) + 0.4)
    figure, grid = plt.subplots(len(laws), len(labels), figsize=size, squeeze=False)
    for row, law in zip(grid, laws, strict=True):
        for axes, label in zip(row, labels, strict=True):
            axes.set(xticks=[], yticks=[], aspect="equal")
            if (law, label) in surfaces:
                _draw(axes, surfaces[law, label], real[law, label])
            else:
                axes.set_axis_off()
        row[0].set_ylabel(law)
    for column, label in zip(grid.T, labels, strict=True):
        first = next(r for r, law in enumerate(laws) if (law, label) in surfaces)
        column[first].set_title(label)
    return figure


def _surface_of(results: Results, run: str) -> pd.DataFrame:
    samples = results.samples(run)
    seed = results.records[run].ok_seeds()[0]
    points, values = samples.grid_points, samples.grid_values
    assert points is not None, "2-D critics without batch norm have a grid"
    assert values is not None, "the grid comes with its values"
    value = values[results.last(run, samples)[seed]]
    return pd.DataFrame(
        {"run": run, "seed": seed, "x": points[:, 0], "y": points[:, 1], "value": value}
    )


def _draw(axes: Axes, surface: pd.DataFrame, real: np.ndarray) -> None:
    side = round(len(surface) ** 0.5)
    x, y, value = (surface[c].to_numpy(float).reshape(side, side) for c in ("x", "y", "value"))
    ends_at = min(-x.min(), x.max(), -y.min(), y.max())  # of the grid
    reach = min(SPAN * float(np.abs(real).max()), float(ends_at))
    near = (np.abs(x) <= reach) & (np.abs(y) <= reach)
    low, high = value[near].min(), value[near].max()
    if high > low:
        levels = np.linspace(low, high, LEVELS)
        shades = axes.contourf(x, y, value, levels, cmap="viridis", extend="both")
        shades.set_rasterized(True)
        axes.contour(x, y, value, levels, colors="white", linewidths=0.4, alpha=0.6)
    else:
        axes.text(0.5, 0.5, "flat", c=INK, ha="center", transform=axes.transAxes)
    some = real[:SHOWN]
    axes.plot(
        some[:, 0], some[:, 1], ls="", marker=".", ms=3.5, c="white", mec="none", rasterized=True
    )
    axes.set(xlim=(-reach, reach), ylim=(-reach, reach))


def _findings(chosen: Mapping[tuple[str, str], str], table: pd.DataFrame) -> list[Finding]:
    quotients = (table["normalised"] / table["w1"]).groupby(table["run"])
    values = rows_of(
        (law, label, mean_range(quotients.get_group(run), 2))
        for (law, label), run in chosen.items()
    )
    statement = (
        "Estimate over largest gradient norm as a multiple of exact W1, mean (smallest to largest) "
        "over seeds: 1 for a critic whose slope is 1 wherever it should be"
    )
    return [Finding(statement, values)]
