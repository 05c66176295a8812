"""What was measured: a table for people, JSON for programs, a page on request."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wganbench.console import plain_table, wide_console
from wganbench.files import written_atomically

if TYPE_CHECKING:
    from wganbench.measure.points import PointsMeasured

Table = tuple[Sequence[str], list[Sequence[str]]]
DISTANCES = (
    "distance",
    "all",
    "of parts",
    "95% of draws",
    "floor",
    "over its floor",
    "certificate",
)
CRITICS = ("critic", "estimate", "normalised", "exact W1 of the same points", "seeds", "steps")


def as_json_text(found: PointsMeasured) -> str:
    """Return every number as JSON, in full precision."""
    return json.dumps(asdict(found), indent=2, default=float) + "\n"


def print_points(found: PointsMeasured) -> None:
    """Print the distances, each beside its floor, and what critics estimated."""
    console = wide_console()
    console.print(lead(found), markup=False)
    for headings, rows in _tables(found):
        console.print(plain_table(headings, rows, texts={headings[0], "certificate"}), markup=False)
    for note in notes(found):
        console.print(note, markup=False)


def points_page(found: PointsMeasured, path: Path) -> None:
    """Write one page that loads nothing.

    Raises:
        UserError: it cannot be written.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("wganbench.measure", "templates"), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    text = environment.get_template("measured.html.jinja").render(
        title=f"{found.first} against {found.reference}",
        lead=lead(found), tables=_tables(found), notes=notes(found),
    )  # fmt: skip
    with written_atomically(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def lead(found: PointsMeasured) -> str:
    """Return what was measured, in a sentence."""
    return (
        f"{found.first}: {found.n:,} points, {found.reference}: {found.m:,}, in {found.dim} "
        f"dimension{'s' if found.dim > 1 else ''}; parts are {found.draws} draws of "
        f"{found.drawn:,} a side."
    )


def notes(found: PointsMeasured) -> list[str]:
    """Return how to read the tables."""
    certificates = "; ".join(f"of the {d.name} the {d.meaning}" for d in found.distances)
    return [
        f"The floor is the same distance between two parts of {found.reference} that share no "
        "point: of equal laws a distance is about that, and more samples make both smaller.",
        f"A certificate is a share of the number: {certificates}.",
    ]


def _tables(found: PointsMeasured) -> list[Table]:
    distances: list[Sequence[str]] = [
        (
            d.name, _short(d.whole), f"{_short(d.drawn)} ± {d.drawn_sd:.2g}",
            f"{_short(d.low)} to {_short(d.high)}", f"{_short(d.floor)} ± {d.floor_sd:.2g}",
            f"{d.drawn / d.floor:.3g}" if d.floor else "–", f"{d.certificate:.1g}",
        )
        for d in found.distances
    ]  # fmt: skip
    critics: list[Sequence[str]] = [
        (
            c.method, f"{_short(c.estimate)} ± {c.estimate_sd:.2g}",
            "–" if c.normalised is None else _short(c.normalised), _short(c.w1),
            str(c.seeds), f"{c.iterations:,}",
        )
        for c in found.critics
    ]  # fmt: skip
    return [(DISTANCES, distances), *([(CRITICS, critics)] if critics else [])]


def _short(value: Any) -> str:
    return f"{value:.4g}"
