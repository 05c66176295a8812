"""What a page is made of: figures, tables and sample sheets, each with a caption and its words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import matplotlib as mpl
import matplotlib.figure
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from markupsafe import Markup

from wganbench.report.style.csv_links import Download, csv_of
from wganbench.report.style.looks import RC, in_order
from wganbench.report.style.svg import as_svg, inline
from wganbench.report.style.wording import NOTHING, each, mean_range, mean_sd, with_sd

Drawing = mpl.figure.Figure


@dataclass(frozen=True)
class Finding:
    """What the numbers show: a statement, and values by row and column if it is about many."""

    statement: str
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """Return the columns of all rows, methods in their order."""
        return in_order(column for row in self.values.values() for column in row)

    @property
    def text(self) -> str:
        rows = [f"{row}: {each(values)}." for row, values in self.values.items()]
        return " ".join([f"{self.statement}{':' if rows else '.'}", *rows])


def worded(
    table: pd.DataFrame,
    by: str,
    column: str,
    digits: int = 3,
    text: Callable[[Iterable[float], int], str] = mean_range,
    heading: str = "{}",
) -> dict[str, str]:
    """Return a column's values in words for each value of `by`, methods in their order."""
    keys = in_order(table[by]) if by == "label" else sorted(table[by].unique())
    return {heading.format(key): text(table.loc[table[by] == key, column], digits) for key in keys}


def compared(
    table: pd.DataFrame,
    by: str,
    column: str,
    digits: int = 3,
    text: Callable[[Iterable[float], int], str] = mean_range,
    heading: str = "{}",
) -> dict[str, dict[str, str]]:
    """Return a column's values in words: for each value of `by` a row, methods beside."""
    return {
        heading.format(key): worded(rows, "label", column, digits, text)
        for key, rows in table.groupby(by, sort=False)
    }


def rows_of(values: Iterable[tuple[str, str, str]]) -> dict[str, dict[str, str]]:
    """Return a finding's values from row, column and text of each."""
    rows: dict[str, dict[str, str]] = {}
    for row, column, text in values:
        rows.setdefault(row, {})[column] = text
    return rows


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
    """What was drawn, in full precision; a column `run` names the runs behind it."""
    template = "figure"

    @property
    def behind(self) -> list[str]:
        return sorted(set(self.data["run"].dropna())) if "run" in self.data else []

    @property
    def download(self) -> Download:
        return csv_of(self.data, self.name)


def drawn(
    name: str,
    title: str,
    findings: Sequence[Finding],
    caption: str,
    data: pd.DataFrame,
    draw: Callable[[], Drawing],
) -> Figure:
    """Return a figure that `draw` draws in the page's style; `data` is what it shows."""
    style = sns.axes_style("whitegrid") | sns.plotting_context("paper") | RC
    with mpl.rc_context(style | {"svg.hashsalt": name}):  # the same for the same data
        drawing = draw()
        svg = as_svg(drawing)
    plt.close(drawing)
    alt = " ".join([f"{title}.", *(finding.text for finding in findings)])
    return Figure(name, title, findings, caption, inline(svg, name, alt), data)


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


TableRow = Mapping[str, Cell | str]
"""By column's heading; a text is a cell that is sorted by it."""


def tabulated(
    name: str,
    title: str,
    caption: str,
    rows: Iterable[TableRow],
    behind: Iterable[str] = (),
) -> Table:
    """Return a table of rows that name their columns, the first row all of them in their order."""
    rows = list(rows)
    columns = list(rows[0]) if rows else []
    shown = [[row.get(heading, "") for heading in columns] for row in rows]
    cells = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in shown]
    return Table(name, title, caption, columns, cells, behind=sorted(set(behind)))


def measured(
    values: pd.Series,
    digits: int = 3,
    text: Callable[[Iterable[float], int], str] = mean_sd,
    unit: str = "",
) -> Cell:
    """Return what values over seeds are in words, sorted by their mean; a dash if none is known."""
    known = values.astype(float)
    known = known[np.isfinite(known)]
    return Cell(text(known, digits) + unit, float(known.mean())) if len(known) else Cell(NOTHING)


def floor_cell(rows: pd.DataFrame) -> Cell:
    """Return the mean floor of rows beside its standard deviation, which is over samples."""
    return Cell(with_sd(rows["floor"], rows["floor_sd"]), measured(rows["floor"]).key)


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
        return sorted({sheet.run for _, row in self.rows for sheet in row if sheet} - {""})

    @property
    def steps(self) -> int:
        """Return how many points of training the sheet with the most of them shows."""
        return max(len(sheet.iterations) for _, row in self.rows for sheet in row if sheet)


@dataclass(frozen=True)
class Statement:
    """What the numbers show, in words alone."""

    name: str
    title: str
    findings: Sequence[Finding]
    caption: str
    behind: Sequence[str] = ()
    """Ids of the runs that it shows."""
    template = "statement"


Block = Figure | Table | Sheets | Statement
