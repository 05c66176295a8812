"""The papers, a module each: what it is, its figures in order, and who draws them.

A module `wgan_gp` states `PAPER = Paper(...)` and gets the page `wgan-gp.html`. Pages, navigation
and the place and order of claims follow from the modules that there are.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wganbench.found import stated

if TYPE_CHECKING:
    from wganbench.gather.load import Results
    from wganbench.report.style.blocks import Block

WHOLE = ("law", "pair", "images")
"""Every kind of data."""


@dataclass(frozen=True)
class Figure:
    """A figure, section or the like of a paper: a section of its page, also without any run."""

    label: str
    title: str
    cited_as: tuple[str, ...]
    """In the sources of claims and experiments, "figure 1": these claims stand here."""
    shows: tuple[str, ...] = ()
    """Of these kinds of data the runs of experiments that cite it are shown here, nowhere else."""
    draw: Callable[[Results, str], Iterable[Block]] | None = None
    """Draws what is the figure's own; the name begins the names of its blocks."""
    from_study: bool = False
    """Whether that is of critics trained alone, not of the experiments that cite it."""

    @property
    def name(self) -> str:
        return self.label.partition(" and ")[0].replace(",", "").replace(" ", "-").lower()


@dataclass(frozen=True)
class Paper:
    """A paper and its page."""

    tag: str
    """What sources cite it by: "WGAN" for "[WGAN] figure 1"."""
    title: str
    short: str
    """In the navigation."""
    authors: str
    year: int
    arxiv: str
    figures: Sequence[Figure]
    is_main: bool = False
    """Whether it is one of the two whose experiments are made again; these come first."""

    @property
    def lead(self) -> str:
        return (
            f"The figures of [{self.tag}] ({self.authors} {self.year}, arXiv {self.arxiv}), made "
            "from our runs, each with the claims about it."
        )


def page_names() -> list[str]:
    """Return the papers' pages in no order; nothing is imported for it."""
    return [page_of(module.name) for module in pkgutil.iter_modules(__path__)]


def page_of(module: str) -> str:
    """Return the page of a paper's module."""
    return f"{module.replace('_', '-')}.html"


def papers() -> dict[str, Paper]:
    """Return the papers by their pages, the main ones first, then as they appeared.

    Raises:
        TypeError: a module of the package states no paper.
    """
    found = stated(__name__, "PAPER", Paper)

    def place(item: tuple[str, Paper]) -> tuple[bool, int, str]:
        return not item[1].is_main, item[1].year, item[1].arxiv

    return {page_of(module): paper for module, paper in sorted(found.items(), key=place)}
