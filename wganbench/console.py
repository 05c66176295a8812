"""What a terminal shows: tables without lines, wide where the output is a file."""

from collections.abc import Container, Iterable

from rich.console import Console, RenderableType
from rich.table import Column, Table

WIDTH_IN_FILES = 200  # columns when the output is no terminal


def wide_console() -> Console:
    """Return a console that is wide where the output is a file or another program."""
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
    columns = [
        Column(name, justify="left" if texts is None or name in texts else "right", overflow="fold")
        for name in headings
    ]
    table = Table(*columns, box=None, padding=(0, indent or 1), pad_edge=bool(indent))
    for row in rows:
        table.add_row(*row)
    return table
