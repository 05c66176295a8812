"""What was measured: a table for people, JSON for programs, a page on request."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typer import echo

from wganbench.console import plain_table, wide_console
from wganbench.files import written_atomically
from wganbench.measure.points import PointsMeasured
from wganbench.measure.runs import RunMeasured
from wganbench.records.extractor import RANDOM

if TYPE_CHECKING:
    from wganbench.measure.images import ImagesMeasured

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
RUN = ("number", "over seeds", "floor", "what it is")
QUALITIES = ("number", "all", "spread", "real images", "better")


@dataclass(frozen=True)
class Shown:
    """What a reader gets of what was measured."""

    title: str
    lead: str
    tables: list[Table]
    notes: list[str]


def show(
    found: PointsMeasured | ImagesMeasured | RunMeasured, *, as_json: bool, html: Path | None
) -> None:
    """Print a table, or all numbers as JSON, and write a page that loads nothing if one is wanted.

    Raises:
        UserError: the page cannot be written.
    """
    shown = _shown(found)
    if html:
        _write_page(html, shown)
    if as_json:
        echo(json.dumps(asdict(found), indent=2, default=float))
    else:
        _print(shown)


def _shown(found: PointsMeasured | ImagesMeasured | RunMeasured) -> Shown:
    if isinstance(found, PointsMeasured):
        return _of_points(found)
    return _of_run(found) if isinstance(found, RunMeasured) else _of_images(found)


def _of_points(found: PointsMeasured) -> Shown:
    title = f"{found.first} against {found.reference}"
    return Shown(title, lead(found), _tables(found), notes(found))


def _of_images(found: ImagesMeasured) -> Shown:
    title = f"{found.first} against {found.reference}"
    return Shown(title, lead_of_images(found), [_qualities(found)], notes_on_images(found))


def _of_run(found: RunMeasured) -> Shown:
    """Show a run; what a number is stands beside it."""
    spaces = f"; images in the space {', '.join(found.spaces)}" if found.spaces else ""
    lost = f", {len(found.diverged)} diverged" if found.diverged else ""
    lead = f"{found.folder}: {len(found.seeds)} seeds{lost}{spaces}."
    rows: list[Sequence[str]] = [
        (
            n.name, _with(n.mean, n.sd), "" if n.floor is None else _with(n.floor, n.floor_sd),
            n.about,
        )
        for n in found.numbers
    ]  # fmt: skip
    notes = [
        "Mean ± standard deviation over seeds, at each one's last evaluation. Written: "
        f"{', '.join(found.files) or 'nothing, as nothing is measured on such a run'}.",
        *(f"{line[:1].upper()}{line[1:]}." for line in found.left_out),
    ]
    return Shown(found.run, lead, [(RUN, rows)] if rows else [], notes)


def _with(value: float, sd: float | None) -> str:
    return _short(value) if sd is None else f"{_short(value)} ± {sd:.2g}"


def _print(shown: Shown) -> None:
    console = wide_console()
    console.print(shown.lead, markup=False, soft_wrap=True)
    for headings, rows in shown.tables:
        texts = {headings[0], "certificate", RUN[-1]}
        console.print(plain_table(headings, rows, texts=texts), markup=False)
    for note in shown.notes:
        console.print(note, markup=False, soft_wrap=True)


def _write_page(path: Path, shown: Shown) -> None:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("wganbench.measure", "templates"), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    text = environment.get_template("measured.html.jinja").render(vars(shown))
    with written_atomically(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def lead_of_images(found: ImagesMeasured) -> str:
    """Return what was measured, in a sentence."""
    shape = "x".join(map(str, found.shape))
    unlabelled = found.space.startswith(RANDOM)
    hint = ", as there are no labels to train one on (--inception: Inception's)"
    return (
        f"{found.first}: {found.n:,} images, {found.reference}: {found.m:,}, {shape}; "
        f"measured in the space {found.space}{hint if unlabelled else ''}."
    )


def notes_on_images(found: ImagesMeasured) -> list[str]:
    """Return how to read the table."""
    return [
        f"Beside it what {found.drawn:,} other real images get, mean and standard deviation of "
        "five draws; the spread is that over random halves of the images.",
        "Numbers of two spaces, or of other numbers of images, have nothing in common.",
    ]


def _qualities(found: ImagesMeasured) -> Table:
    rows: list[Sequence[str]] = [
        (
            q.name, _short(q.value), f"{q.spread:.2g}", f"{_short(q.floor)} ± {q.floor_sd:.2g}",
            q.better,
        )
        for q in found.qualities
    ]  # fmt: skip
    return QUALITIES, rows


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
