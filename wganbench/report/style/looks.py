"""How everything looks: one colour and one marker per method, ink that follows the page's theme."""

from collections.abc import Iterable, Iterator
from itertools import cycle

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from wganbench.report.style.wording import power

mpl.use("Agg")

Look = tuple[str, str]
"""A colour and a marker."""

# Okabe and Ito's colours, which colour-blind readers tell apart, of middling lightness, so that
# they show on white and on black.
_KNOWN = {
    "GAN": ("#D55E00", "o"),
    "WGAN c=0.001": ("#56B4E9", "v"),
    "WGAN c=0.01": ("#0072B2", "s"),
    "WGAN": ("#0072B2", "s"),  # with a tuned clip value, never beside c=0.01
    "WGAN c=0.1": ("#CC79A7", "D"),
    "WGAN c=0.04": ("#0072B2", "h"),  # never beside c=0.01: [KSB]'s pairs have this one alone
    "WGAN-GP": ("#009E73", "^"),
    "WGAN-LP": ("#A6761D", "X"),
    "WGAN-SN": ("#8C6BB1", "P"),
    "WGAN-GroupSort": ("#C8374A", "*"),
}
_SPARE = (
    ("#7A8B00", ">"),
    ("#7F7F7F", "p"),
    ("#B2182B", "<"),
    ("#E69F00", "d"),
    ("#5E7FB8", "H"),
)

# Stand-ins for the page's own colours, light or dark, which take their place in the SVG.
INK = "#010203"
MUTED = "#040506"
GRID = "#070809"
FLOOR = "#0A0B0C"
THEMED = {
    INK: "currentColor",
    MUTED: "var(--muted)",
    GRID: "var(--grid)",
    FLOOR: "var(--floor)",
}
REAL = "#8A8F98"  # real samples: grey on either theme
FEW_DECADES = 300  # as a factor: a shorter logarithmic axis is labelled between powers of ten

RC = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 9.5,
    "axes.titlelocation": "left",
    "axes.labelsize": 9,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "lines.linewidth": 1.6,
    "svg.fonttype": "none",
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "axes.titley": 1.0,  # nothing stands above axes that a title would have to be moved off
}


def in_order(labels: Iterable[str]) -> list[str]:
    """Return the labels once each: the papers' methods first, others as they come."""
    present = dict.fromkeys(labels)
    known = [label for label in _KNOWN if label in present]
    return known + [label for label in present if label not in _KNOWN]


def by_label(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield each method's rows, methods in their order."""
    for label in in_order(table["label"]):
        yield label, table[table["label"] == label]


def lines_of(table: pd.DataFrame) -> list[str]:
    """Return the frame's lines, methods with their variants, in the methods' order."""
    known = table[["label", "line"]].drop_duplicates()
    order = in_order(known["label"])
    return sorted(
        dict.fromkeys(known["line"]),
        key=lambda line: order.index(known.loc[known["line"] == line, "label"].iloc[0]),
    )


def line_looks(table: pd.DataFrame) -> dict[str, tuple[str, str, str]]:
    """Return each line's colour and marker, its method's, and a style for each of its variants."""
    known = looks(table["label"])
    styles: dict[str, tuple[str, str, str]] = {}
    for line in lines_of(table):
        colour, marker = known[table.loc[table["line"] == line, "label"].iloc[0]]
        taken = sum(look[0] == colour for look in styles.values())
        styles[line] = (colour, marker, ("-", "--", ":", "-.")[taken % 4])
    return styles


def colours(labels: Iterable[str]) -> dict[str, str]:
    """Return each label's colour; the papers' methods always have the same."""
    return {label: colour for label, (colour, _) in looks(labels).items()}


def markers(labels: Iterable[str]) -> dict[str, str]:
    """Return each label's marker, as its colour."""
    return {label: marker for label, (_, marker) in looks(labels).items()}


def looks(labels: Iterable[str]) -> dict[str, Look]:
    """Return each label's colour and marker, in the labels' order."""
    spare = cycle(_SPARE)
    return {label: _KNOWN.get(label) or next(spare) for label in in_order(labels)}


def ordered_looks(values: Iterable[float]) -> dict[float, Look]:
    """Return colour and marker for each of a few ordered values, from light to dark."""
    known = sorted(set(values))
    shades = sns.color_palette("viridis_r", len(known) + 2).as_hex()[1:-1]
    return {
        value: (shade, marker)
        for value, shade, marker in zip(known, shades, cycle("osD^vP"), strict=False)
    }


def powers(axis: Axis, low: float, high: float) -> None:
    """Label a logarithmic axis sparsely, without formulae, which inline SVG would misplace."""
    if high / low < FEW_DECADES:
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(FuncFormatter(power))
    axis.set_minor_formatter(NullFormatter())
