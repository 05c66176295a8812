"""What a page is made of: figures, tables and sample sheets, each with a caption and its words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
from markupsafe import Markup, escape
from matplotlib.figure import Figure as Drawing

from wganbench.report.style.csv_links import Download, csv_of
from wganbench.report.style.looks import FLOOR, GRID, INK, MUTED, in_order
from wganbench.report.style.wording import each

RASTER_DPI = 160  # of the parts of a drawing with too many points for vectors
_THEMED = {
    INK: "currentColor",
    MUTED: "var(--muted)",
    GRID: "var(--grid)",
    FLOOR: "var(--floor)",
}
_ID = re.compile(r' id="([^"]*)"')
_REFERENCE = re.compile(r'(?:xlink:href="#|url\(#)([^")]*)')
_SIZE = re.compile(r'<svg [^>]*?width="([\d.]+)pt"[^>]*?viewBox="([^"]*)"[^>]*>')
_EMPTY = re.compile(r"<path(?![^>]* d=)[^>]*/>")  # what matplotlib draws of an empty contour
_STYLE = re.compile(r"<style[^>]*>.*?</style>|<metadata>.*?</metadata>", re.DOTALL)
PIXELS_PER_POINT = 96 / 72


@dataclass(frozen=True)
class Finding:
    """What the numbers say: a statement, and values by row and column if it is about many."""

    statement: str
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """Return the columns of all rows, methods in their order."""
        return in_order(column for row in self.values.values() for column in row)

    @property
    def text(self) -> str:
        """Return the finding as sentences."""
        rows = [f"{row}: {each(values)}." for row, values in self.values.items()]
        return " ".join([f"{self.statement}{':' if rows else '.'}", *rows])


@dataclass(frozen=True)
class Figure:
    """A drawing with its words."""

    name: str
    title: str
    findings: Sequence[Finding]
    """The alternative text and the caption's beginning."""
    caption: str
    """How to read it."""
    drawing: Markup
    data: pd.DataFrame
    """What was drawn, in full precision; a column `run` tells the runs behind it."""
    template = "figure"

    @property
    def behind(self) -> list[str]:
        """Return the ids of the runs that it shows."""
        return sorted(set(self.data["run"].dropna())) if "run" in self.data else []

    @property
    def download(self) -> Download:
        """Return its data as a file."""
        return csv_of(self.data, self.name)


@dataclass(frozen=True)
class Cell:
    """A table's cell: what it shows and what it is sorted by."""

    text: str
    key: float | str | None = None
    code: bool = False
    details: str = ""
    """Longer text that unfolds."""


@dataclass(frozen=True)
class Table:
    """A table that its reader can sort and, if it is long, filter."""

    name: str
    title: str
    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    filterable: bool = False
    behind: Sequence[str] = ()
    """Ids of the runs that it shows."""
    template = "table"


@dataclass(frozen=True)
class Sheet:
    """One sheet of samples along training, or the words that stand in its place."""

    image: str
    """A data URI, empty if there is none: the sheets of `iterations` below one another."""
    width: int
    height: int
    """Of one of them, as it is shown."""
    alt: str
    note: str
    iterations: Sequence[int] = ()
    run: str = ""
    """The run whose images these are, none for real ones."""


@dataclass(frozen=True)
class Sheets:
    """Sheets of samples, laid out in rows and columns."""

    name: str
    title: str
    findings: Sequence[Finding]
    caption: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Sheet | None]]]
    template = "sheets"

    @property
    def behind(self) -> list[str]:
        """Return the ids of the runs that it shows."""
        return sorted({sheet.run for _, row in self.rows for sheet in row if sheet} - {""})

    @property
    def steps(self) -> int:
        """Return how many points of training the sheet with the most of them shows."""
        return max(len(sheet.iterations) for _, row in self.rows for sheet in row if sheet)


@dataclass(frozen=True)
class Statement:
    """What the numbers say, in words alone."""

    name: str
    title: str
    findings: Sequence[Finding]
    caption: str
    behind: Sequence[str] = ()
    """Ids of the runs that it shows."""
    template = "statement"


Block = Figure | Table | Sheets | Statement


def to_svg(drawing: Drawing, name: str, title: str, findings: Sequence[Finding]) -> Markup:
    """Return a drawing as inline SVG in the page's colours, the same for the same data."""
    alt = " ".join([f"{title}.", *(finding.text for finding in findings)])
    buffer = StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with mpl.rc_context({"svg.hashsalt": name}):
        drawing.savefig(buffer, format="svg", dpi=RASTER_DPI, metadata=nothing, bbox_inches="tight")
    plt.close(drawing)
    text = buffer.getvalue()
    text = _EMPTY.sub("", _STYLE.sub("", text[text.index("<svg") :]))
    for colour, themed in _THEMED.items():
        text = text.replace(colour.lower(), themed)
    return Markup(_headed(_with_own_ids(text, name), alt))  # noqa: S704 - matplotlib escapes text


def _with_own_ids(text: str, name: str) -> str:
    """Keep the ids that are referred to, and make them the figure's own on the page."""
    needed = set(_REFERENCE.findall(text))

    def renamed(found: re.Match[str]) -> str:
        return f' id="{name}-{found[1]}"' if found[1] in needed else ""

    text = _ID.sub(renamed, text)
    return _REFERENCE.sub(lambda m: m[0].replace(f"#{m[1]}", f"#{name}-{m[1]}"), text)


def _headed(text: str, alt: str) -> str:
    """Replace the size in points by one that shrinks with the page."""
    found = _SIZE.search(text)
    assert found, "matplotlib writes width and viewBox"
    width = round(float(found[1]) * PIXELS_PER_POINT)
    head = (
        f'<svg viewBox="{found[2]}" style="width:{width}px" role="img" aria-label="{escape(alt)}">'
    )
    return text[: found.start()] + head + text[found.end() :]
