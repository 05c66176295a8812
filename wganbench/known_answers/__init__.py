"""What the sources say in numbers or closed forms, computed again without any training.

A module for each topic. It states `KNOWN = Known(...)` and stands in the report's table of known
answers; figures that draw a topic are in `wganbench.report.figures`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wganbench.found import stated

ROUNDING = 1e-12


@dataclass(frozen=True)
class Answer:
    """A number that a source states or implies, and ours."""

    quantity: str
    published: str
    """As the source has it."""
    expected: float
    """The same as a number."""
    found: float
    how: str
    """How ours was computed: not by the source's formula."""

    @property
    def error(self) -> float:
        """Return ours less the source's; what rounding leaves is none."""
        error = self.found - self.expected
        return error if abs(error) > ROUNDING else 0.0


@dataclass(frozen=True)
class Known:
    """A topic and its answers."""

    title: str
    source: str
    answers: Sequence[Answer]


def known_answers() -> list[Known]:
    """Return every topic, in the order of the modules' names.

    Raises:
        TypeError: a module of the package states no topic.
    """
    return list(stated(__name__, "KNOWN", Known).values())
