"""A figure's numbers as a file that the page itself holds."""

import gzip
from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import quote

import pandas as pd

COMPRESSED_FROM = 200_000  # bytes: a longer file would make up most of its page
_READABLE = ",.-:;()+=/"  # besides letters and digits, what a data URI may hold as it is


@dataclass(frozen=True)
class Download:
    """A file to be saved from the page."""

    file: str
    href: str
    rows: int


def csv_of(data: pd.DataFrame, name: str) -> Download:
    """Return a frame as CSV in full precision, compressed if it is long, the same for the same."""
    text = without_formulas(data).to_csv(index=False, lineterminator="\n")
    if len(text) < COMPRESSED_FROM:
        href = f"data:text/csv;charset=utf-8,{quote(text, safe=_READABLE)}"
        return Download(f"{name}.csv", href, len(data))
    content = b64encode(gzip.compress(text.encode(), mtime=0)).decode()
    return Download(f"{name}.csv.gz", f"data:application/gzip;base64,{content}", len(data))


def without_formulas(table: pd.DataFrame) -> pd.DataFrame:
    """Put a quote before each text that a spreadsheet would take for a formula, and run."""
    texts = table.select_dtypes(["object", "string"])
    return table.assign(**{str(name): texts[name].map(_as_text) for name in texts})


def _as_text(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) else cell
