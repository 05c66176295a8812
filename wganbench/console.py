"""What a terminal shows: tables without lines, wide where the output is a file."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

WIDTH_IN_FILES = 200  # columns when the output is no terminal


def printable(text: str) -> str:
    """Return a text without characters that a terminal would take for commands."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def wide_console() -> Console:
    """Return a console that is wide where the output is a file or another program."""
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH_IN_FILES
    return console


def plain_table(
    headings: Iterable[str],
    rows: Iterable[Iterable[RenderableType]],
    texts: Container[str] | None = None,
    indent: int = 0,
) -> Table:
    """Return a table without lines, whose cells are folded and not cut.

    Args:
        headings: the columns.
        rows: their cells.
        texts: the columns that begin at the left; without it all do.
        indent: blanks before and after a cell, at the table's edges too; 0: one, between cells.
    """
    from rich.table import Column, Table

    columns = [
        Column(name, justify="left" if texts is None or name in texts else "right", overflow="fold")
        for name in headings
    ]
    table = Table(*columns, box=None, padding=(0, indent or 1), pad_edge=bool(indent))
    for row in rows:
        table.add_row(*row)
    return table


def aligned(
    headings: Sequence[str], rows: Iterable[Sequence[str]], texts: Container[str] | None = None
) -> str:
    """Return the lines of a table, none of them folded: thousands of rows take no time.

    Args:
        headings: the columns.
        rows: their cells.
        texts: the columns that begin at the left; without it all do.
    """
    cells = [headings, *rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    sides = "".join("<" if texts is None or name in texts else ">" for name in headings)
    line = " ".join(f"{{:{side}{width}}}" for side, width in zip(sides, widths, strict=True))
    return "".join(f"{line.format(*row).rstrip()}\n" for row in cells)
