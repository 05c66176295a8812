"""Means over seeds with their smallest and largest values, on logarithmic axes."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from wganbench.gather.study import BAND
from wganbench.report.style.looks import FLOOR, INK, powers

RANGE = "Marks: mean over seeds; bars: smallest to largest seed. "
PADDING = 1.4  # of a logarithmic axis, as a factor


def spread(
    axes: Axes,
    table: pd.DataFrame,
    x: str,
    y: str,
    colour: str,
    marker: str,
    shift: float = 1.0,
    style: str = "-",
) -> None:
    """Draw y's mean against x with a bar from smallest to largest; a log axis drops what is <= 0.

    Args:
        axes: where to.
        table: one row per run and seed.
        x: column of the horizontal places.
        y: column of the values.
        colour: of line and marks.
        marker: of the means.
        shift: factor by which the places move aside, to keep bars apart.
        style: of the line.
    """
    shown = table[np.isfinite(table[y].astype(float)) & (table[y] > 0)]
    if shown.empty:
        return
    of = shown.groupby(x)[y].agg(["mean", "min", "max"]).astype(float)
    bars = np.stack([of["mean"] - of["min"], of["max"] - of["mean"]]).clip(min=0)
    axes.errorbar(
        of.index.to_numpy(dtype=float) * shift, of["mean"], yerr=bars, c=colour, marker=marker,
        ms=6, mec="none", capsize=2.5, lw=1.2, elinewidth=1.2, ls=style,
    )  # fmt: skip


def target(axes: Axes, vertical: bool = False) -> None:
    """Draw where an estimate equals its reference, and 10% about it."""
    line, span = (axes.axvline, axes.axvspan) if vertical else (axes.axhline, axes.axhspan)
    span(1 - BAND, 1 + BAND, color=FLOOR, alpha=0.4, lw=0, zorder=0)
    line(1, c=INK, lw=1, ls="--", zorder=1)


def target_handles() -> list[Line2D]:
    """Return the legend's entries for `target`."""
    return [
        Line2D([], [], ls="--", lw=1, c=INK, label="estimate = reference"),
        Line2D([], [], lw=6, c=FLOOR, alpha=0.6, label="within 10%"),
    ]


def logarithmic(axis: Axis, values: Iterable[float], *also: float) -> None:
    """Give an axis a logarithmic scale that holds all positive values, sparsely labelled."""
    known = pd.Series([*values, *also], dtype=float)
    known = known[np.isfinite(known) & (known > 0)]
    low, high = (known.min() / PADDING, known.max() * PADDING) if len(known) else (0.1, 10.0)
    set_scale, set_limits = (
        (axis.axes.set_xscale, axis.axes.set_xlim)
        if axis.axis_name == "x"  # type: ignore[attr-defined]
        else (axis.axes.set_yscale, axis.axes.set_ylim)
    )
    set_scale("log")
    set_limits(low, high)
    powers(axis, low, high)


def placed(axes: Axes, places: Iterable[float]) -> None:
    """Label a logarithmic horizontal axis at these places alone."""
    known = sorted({float(place) for place in places})
    axes.set_xscale("log")
    axes.set_xlim(known[0] / PADDING, known[-1] * PADDING)
    axes.xaxis.set_major_locator(FixedLocator(known))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def hidden(table: pd.DataFrame, columns: Iterable[str]) -> str:
    """Say how many values have no place on a logarithmic axis."""
    values = table[list(columns)]
    lost = int((values <= 0).sum().sum())
    return (
        f"{lost} of {values.notna().sum().sum()} values are 0 or negative and not drawn. "
        if (lost)
        else ""
    )
