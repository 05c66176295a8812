"""Means over seeds with their smallest and largest values, floors and logarithmic axes."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from wganbench.gather.study import BAND
from wganbench.report.style.looks import FLOOR, INK, MUTED, colours, markers, powers

RANGE = "Marks: mean over seeds; bars: smallest to largest seed. "
PADDING = 1.4  # of a logarithmic axis, as a factor


def bars(axes: Axes, table: pd.DataFrame, x: str, y: str, shift: float = 1.0, **look: Any) -> None:
    """Draw y's mean at each x with a bar from smallest to largest; `shift` keeps bars apart."""
    values = table.groupby(x)[y].agg(["mean", "min", "max"]).astype(float)
    reach = np.stack([values["mean"] - values["min"], values["max"] - values["mean"]])
    style: dict[str, Any] = {"ms": 6, "mec": "none", "capsize": 2.5, "lw": 1.2}
    places = values.index.to_numpy(dtype=float) * shift
    axes.errorbar(places, values["mean"], yerr=reach.clip(min=0), **style | look)


def positive_bars(
    axes: Axes, table: pd.DataFrame, x: str, y: str, shift: float = 1.0, **look: Any
) -> None:
    """Draw bars on a logarithmic axis, which has no 0."""
    shown = table[np.isfinite(table[y].astype(float)) & (table[y] > 0)]
    if len(shown):
        bars(axes, shown, x, y, shift, **look)


def band(axes: Axes, values: pd.DataFrame, colour: str, alpha: float = 0.25, **line: Any) -> None:
    """Draw the column `mean` along the index over a band from `min` to `max`."""
    axes.fill_between(values.index, values["min"], values["max"], color=colour, alpha=alpha, lw=0)
    axes.plot(values.index, values["mean"], c=colour, **line)


def lines(axes: Axes, panel: pd.DataFrame, x: str, y: str, labels: Iterable[str]) -> None:
    """Draw each method's mean over seeds with their range; all `labels` share out the looks."""
    labels = list(labels)
    sns.lineplot(
        panel, x=x, y=y, hue="label", style="label", dashes=False, palette=colours(labels),
        markers=markers(labels), legend=False, errorbar=("pi", 100), markersize=4.5,
        markeredgewidth=0, ax=axes,
    )  # fmt: skip
    axes.set(xlabel="", ylabel="")


def floor_band(axes: Axes, floor: float, sd: float, smallest: float = -np.inf) -> None:
    """Draw a floor, mean ± 2 standard deviations; nothing where it is not known."""
    if pd.notna(floor):
        low, high = max(floor - 2 * sd, smallest), floor + 2 * sd
        axes.axhspan(low, high, color=FLOOR, alpha=0.45, lw=0)
        axes.axhline(floor, c=MUTED, lw=0.8)


def target(axes: Axes, vertical: bool = False) -> None:
    """Draw where an estimate equals its reference, and 10% about it."""
    line, span = (axes.axvline, axes.axvspan) if vertical else (axes.axhline, axes.axhspan)
    span(1 - BAND, 1 + BAND, color=FLOOR, alpha=0.4, lw=0, zorder=0)
    line(1, c=INK, lw=1, ls="--", zorder=1)


def handles(looks: Mapping[str, tuple[str, str]], **style: Any) -> list[Line2D]:
    """Return the legend's entries for labels of a colour and marker each."""
    return [
        Line2D([], [], c=colour, marker=marker, label=label, **style)
        for label, (colour, marker) in looks.items()
    ]


def target_handles() -> list[Line2D]:
    """Return the legend's entries for `target`."""
    line = Line2D([], [], ls="--", lw=1, c=INK, label="estimate = reference")
    return [line, span_handle("within 10%", alpha=0.6)]


def span_handle(label: str, alpha: float = 0.7) -> Line2D:
    """Return the legend's entry for a grey span."""
    return Line2D([], [], lw=6, c=FLOOR, alpha=alpha, label=label)


def logarithmic(axis: Axis, values: Iterable[float], *also: float) -> None:
    """Give an axis a logarithmic scale that holds all positive values, sparsely labelled."""
    known = pd.Series([*values, *also], dtype=float)
    known = known[np.isfinite(known) & (known > 0)]
    low, high = (known.min() / PADDING, known.max() * PADDING) if len(known) else (0.1, 10.0)
    which = axis.axis_name  # type: ignore[attr-defined]
    axis.axes.set(**{f"{which}scale": "log"})
    axis.axes.set(**{f"{which}lim": (low, high)})
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
    """Return a sentence on how many values have no place on a logarithmic axis, if any."""
    values = table[list(columns)]
    lost = int((values <= 0).sum().sum())
    if not lost:
        return ""
    return f"{lost} of {values.notna().sum().sum()} values are 0 or negative and not drawn. "
