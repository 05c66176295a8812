"""Means over seeds with their smallest and largest values, floors and logarithmic axes."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from wganbench.gather.study import BAND
from wganbench.report.style.looks import FLOOR, INK, MUTED, Look, colours, markers, powers
from wganbench.report.style.wording import number

RANGE = "Marks: mean over seeds; bars: smallest to largest seed. "
SPREAD: list[Any] = ["mean", "min", "max"]  # over seeds
PADDING = 1.4  # of a logarithmic axis, as a factor


def bars(axes: Axes, table: pd.DataFrame, x: str, y: str, shift: float = 1.0, **look: Any) -> None:
    """Draw y's mean at each x with a bar from smallest to largest; `shift` keeps bars apart."""
    values = table.groupby(x)[y].agg(SPREAD).astype(float)
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


def bars_by(
    axes: Axes, table: pd.DataFrame, x: str, y: str, by: str, looks: Mapping[Any, Look],
    aside: float = 1.0, draw: Callable[..., None] = positive_bars, **style: Any,
) -> None:  # fmt: skip
    """Draw bars for each value of `by`, a little aside: neighbours by this factor."""
    for k, (value, (colour, marker)) in enumerate(looks.items()):
        shift = aside ** (k - (len(looks) - 1) / 2)
        draw(axes, table[table[by] == value], x, y, shift, c=colour, marker=marker, **style)


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


def entry(label: str, **look: Any) -> Line2D:
    """Return an entry of a legend."""
    return Line2D([], [], label=label, **look)


def handles(looks: Mapping[str, Look], **style: Any) -> list[Line2D]:
    """Return the legend's entries for labels of a colour and marker each."""
    return [entry(label, c=ink, marker=shape, **style) for label, (ink, shape) in looks.items()]


def target_handles() -> list[Line2D]:
    """Return the legend's entries for `target`."""
    line = entry("estimate = reference", ls="--", lw=1, c=INK)
    return [line, span_handle("within 10%", alpha=0.6)]


def span_handle(label: str, alpha: float = 0.7) -> Line2D:
    """Return the legend's entry for a grey span."""
    return entry(label, lw=6, c=FLOOR, alpha=alpha)


def few_ticks(axes: Axes, across: int, up: int) -> None:
    """Label whole numbers across, and numbers in two digits up, at most so many of each."""
    axes.xaxis.set_major_locator(MaxNLocator(across, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(up))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: number(y, 2)))


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
