"""[GP] figure 1a: value surfaces of critics trained on fixed pairs in the plane."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from wganbench.gather.load import Results
from wganbench.report.style.blocks import Figure, Finding, to_svg
from wganbench.report.style.looks import INK, drawing, in_order
from wganbench.report.style.wording import mean_range

TILE = 2.2  # inches
LEVELS = 11
SHOWN = 500  # real samples
SPAN = 3.0  # half the tile's side in units of the real samples' largest coordinate
VARIANTS = ("constraint.name", "constraint.points")
PLANE = 2  # dimensions


def surface_figures(results: Results, ends: pd.DataFrame) -> Iterator[Figure]:
    """Yield the value surfaces, laws below one another, methods abreast."""
    chosen = _chosen(results, ends)
    if not chosen:
        return
    name, title = "study-surfaces", "Value surfaces of the trained critics"
    laws = list(dict.fromkeys(law for law, _ in chosen))
    labels = in_order(label for _, label in chosen)
    findings = _findings(chosen, ends)
    surfaces: list[pd.DataFrame] = []
    with drawing():
        size = (TILE * len(labels) + 0.4, TILE * len(laws) + 0.4)
        figure, grid = plt.subplots(
            len(laws), len(labels), figsize=size, squeeze=False, layout="constrained"
        )
        for row, law in enumerate(laws):
            for column, label in enumerate(labels):
                axes = grid[row, column]
                axes.set(xticks=[], yticks=[], aspect="equal")
                if (law, label) in chosen:
                    surface = _surface_of(results, chosen[law, label])
                    _draw(axes, surface, results.samples(chosen[law, label]).real)
                    surfaces.append(surface.assign(law=law, label=label))
                else:
                    axes.set_axis_off()
            grid[row, 0].set_ylabel(law)
        for column, label in enumerate(labels):
            first = next(r for r, law in enumerate(laws) if (law, label) in chosen)
            grid[first, column].set_title(label)
        markup = to_svg(figure, name, title, findings)
    seeds = sorted({int(seed) for of in surfaces for seed in of["seed"].unique()})
    caption = (
        "Colour and contours: the critic's value over the plane, high in yellow, low in violet, "
        f"from seed {', '.join(str(seed) for seed in seeds)}; each panel has its own "
        "scale, from the smallest to the largest value in it, as the scale of a clipped critic is "
        "arbitrary. White dots: real samples, which the critic should value above their "
        "surroundings; the other law is they plus Gaussian noise. Axes: the law's unit of length, "
        f"up to {SPAN:g} times the real samples' largest coordinate on either side of 0, where the "
        "saved grid reaches as far. Of equal runs of several experiments the one trained longest "
        "is shown."
    )
    yield Figure(name, title, findings, caption, markup, pd.concat(surfaces))


def _chosen(results: Results, ends: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Return the run of each law and method: no knob turned, the longest trained."""
    plain = ends[ends["knobs"].map(len).eq(0) & ends["dim"].eq(PLANE)]
    chosen: dict[tuple[str, str], str] = {}
    for run, of in plain.sort_values("iterations").groupby("run", sort=False):
        planned = results.runs[str(run)]
        if "data.law" in planned.point and not set(VARIANTS) & set(planned.point):
            chosen[str(of["pair"].iloc[0]), str(of["label"].iloc[0])] = str(run)
    laws = dict.fromkeys(ends["pair"])
    return {key: chosen[key] for key in sorted(chosen, key=lambda k: list(laws).index(k[0]))}


def _surface_of(results: Results, run: str) -> pd.DataFrame:
    """Return the first seed's value at each point of the saved grid."""
    samples = results.samples(run)
    seed = results.records[run].ok_seeds()[0]
    points, values = samples.grid_points, samples.grid_values
    assert points is not None, "2-D critics without batch norm have a grid"
    assert values is not None, "the grid comes with its values"
    of_seed = values[list(samples.seeds).index(seed)]
    return pd.DataFrame(
        {"run": run, "seed": seed, "x": points[:, 0], "y": points[:, 1], "value": of_seed}
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


def _findings(chosen: dict[tuple[str, str], str], ends: pd.DataFrame) -> list[Finding]:
    values: dict[str, dict[str, str]] = {}
    for (law, label), run in chosen.items():
        of = ends[ends["run"] == run]
        values.setdefault(law, {})[label] = mean_range(of["normalised"] / of["w1"], 2)
    statement = (
        "Estimate over largest gradient norm as a multiple of exact W1, mean (smallest to largest) "
        "over seeds: 1 for a critic whose slope is 1 wherever it should be"
    )
    return [Finding(statement, values)]
