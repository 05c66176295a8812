"""Claims as the report shows them: badge, what was measured, where the figures are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

from wganbench.claims.judging.table import survivors
from wganbench.errors import UserError
from wganbench.papers import papers
from wganbench.plan.runs import Run
from wganbench.records.claims import LOST, Claims, Verdict
from wganbench.report.site.references import Reference, references
from wganbench.report.style.wording import count, listed, number

# Words of a verdict and the sign beside them, in the order in which a reader meets them.
SIGNS = {
    "reproduced": "✓",
    "not reproduced": "✗",
    "mixed": "±",
    "not settled": "↝",
    "inconclusive": "?",
    "not testable here": "–",
}
MEANINGS = {
    "reproduced": "the whole interval lies where the claim wants it, in every context, and did so "
    "at half the budget",
    "not reproduced": "the whole interval lies on the other side, and did so at half the budget",
    "mixed": "laws or architectures disagree, each beyond its own interval",
    "not settled": "half the budget said something else: a longer training may turn this again",
    "inconclusive": "the interval holds the threshold, or the seeds are too few for one",
    "not testable here": "what would be compared has not begun to work at this scale, or no run "
    "bears on it",
}
MIDDLE, REACH = 50.0, 44.0  # of a drawing that is 100 wide: the threshold's place, the longest end
ORIGINS = {
    "the papers": "of the two papers",
    "other papers": "of other papers",
    "this project": "that this project adds",
}


@dataclass(frozen=True)
class Row:
    """Places of a number and its interval, in a drawing whose middle is the threshold."""

    mean: float
    low: float | None
    high: float | None
    what: str
    """What is drawn, for the pointer that rests on it."""


@dataclass(frozen=True)
class Drawing:
    """What a claim measured; right of the middle it holds."""

    course: Sequence[Row]
    """By quarters of the budget, the last one apart."""
    end: Row
    contexts: Sequence[Row]
    left_out: Sequence[Row]


@dataclass(frozen=True)
class Judged:
    """A claim with its verdict."""

    verdict: Verdict
    home: str = ""
    """Where the figures behind it are: page and section."""
    elsewhere: Sequence[tuple[str, "Judged"]] = ()
    """The other scales that it was judged at, each with what was found."""

    @property
    def word(self) -> str:
        return self.verdict.verdict

    @property
    def sign(self) -> str:
        return SIGNS[self.word]

    @property
    def meaning(self) -> str:
        return MEANINGS[self.word]

    @property
    def style(self) -> str:
        """Return the name that the style sheet has for it."""
        return self.word.replace(" ", "-")

    @cached_property
    def cited(self) -> Sequence[Reference]:
        """Return the figures and sections of papers that it is about."""
        return references(self.verdict.source)

    @property
    def effect(self) -> str:
        verdict = self.verdict
        return self.spelt(verdict.value, verdict.low, verdict.high)

    def spelt(self, value: float | None, low: float | None, high: float | None) -> str:
        """Return a number with its interval, if it has one."""
        if value is None:
            return ""
        size = f"{'×' * self.verdict.ratio}{_effect(value)}"
        return size if low is None else f"{size} [{_effect(low)}, {_effect(high)}]"

    @property
    def threshold(self) -> str:
        verdict = self.verdict
        return f"{verdict.direction} {'×' * verdict.ratio}{verdict.threshold:.3g}".replace(
            " -", " −"
        )

    @property
    def over(self) -> str:
        """Return how much the verdict rests on."""
        verdict = self.verdict
        out = len(verdict.contexts) - len(verdict.kept)
        left = f", {out} left out" if out else ""
        unit = verdict.share_of or "seed"
        return f"{count(verdict.seeds, unit)}, {count(len(verdict.kept), 'context')}{left}"

    @cached_property
    def drawing(self) -> Drawing | None:
        """Return what was measured as it is drawn, on a scale of its own."""
        verdict = self.verdict
        if verdict.value is None:
            return None
        scale = _Scale(verdict)
        course = [
            scale.row(step.value, step.low, step.high, f"at {step.share:.0%} of the budget")
            for step in verdict.course
            if step.share < 1 and step.value is not None
        ]
        kept, out = (
            [scale.row(c.value, c.low, c.high, c.name) for c in verdict.contexts if flag(c)]
            for flag in (lambda c: not c.left_out, lambda c: c.left_out)
        )
        end = scale.row(verdict.value, verdict.low, verdict.high, "at the end")
        return Drawing(course, end, kept if len(kept) > 1 else [], out)


def _effect(value: float | None) -> str:
    """Return an effect as text; that of a replica that diverged is infinite."""
    return "∞" if value is not None and value >= LOST / 10 else number(value)


class _Scale:
    """Places numbers so that the longest of the verdict's interval and contexts just fits."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        shown = [verdict.value, verdict.low, verdict.high, *(c.value for c in verdict.kept)]
        finite = [value for value in shown if value is not None and abs(value) < LOST / 10]
        self.longest = max([abs(self._apart(value)) for value in finite], default=0.0) or 1.0

    def row(self, value: float, low: float | None, high: float | None, what: str) -> Row:
        """Return a number's places; `what` it is goes before it where the pointer rests."""
        if low is None or high is None:
            return Row(self._place(value), None, None, f"{what}: {_effect(value)}")
        left, right = sorted((self._place(low), self._place(high)))
        spelt = f"{_effect(value)} [{_effect(low)}, {_effect(high)}]"
        return Row(self._place(value), left, right, f"{what}: {spelt}")

    def _place(self, value: float) -> float:
        share = self._apart(value) / self.longest
        return round(MIDDLE + REACH * min(max(share, -1.1), 1.1), 2)

    def _apart(self, value: float) -> float:
        verdict = self.verdict
        sign = 1 if verdict.direction == "at least" else -1
        if verdict.ratio:
            return sign * log(value / verdict.threshold)
        return sign * (value - verdict.threshold)


def judged(claims: Sequence[Claims], scale: str, runs: Iterable[Run]) -> list[Judged]:
    """Return the first claims, if they are about these runs, in the papers' order.

    The others are of other scales, and stand beside.

    Raises:
        UserError: they are of another scale, or rest on runs that the report is not about.
    """
    ours, *others = claims
    if ours.scale != scale:
        raise UserError(
            f"claims.json: scale: is {ours.scale}, the report's is {scale}; "
            f"run `wganbench claims --scale {scale}`"
        )
    known = {run.id for run in runs}
    for verdict in ours.claims:
        for run in verdict.runs:
            if run not in known:
                raise UserError(
                    f"claims.json: {verdict.name}: rests on {run}, which the report is not about; "
                    f"run `wganbench claims --scale {scale}`"
                )
    order = [paper.tag for paper in papers().values()]
    elsewhere = [(other.scale, other.by_name) for other in others]
    found = []
    for verdict in ours.claims:
        beside = [(at, by[verdict.name]) for at, by in elsewhere if verdict.name in by]
        found.append(Judged(verdict, elsewhere=[(at, Judged(same)) for at, same in beside]))
    return sorted(found, key=lambda one: _rank(one.cited, order))


def _rank(cited: Sequence[Reference], order: Sequence[str]) -> int:
    """Return the place of the first cited paper among those with a page, or the last one."""
    first = cited[0][0] if cited else ""
    return order.index(first) if first in order else len(order)


def groups(claims: Sequence[Judged]) -> Mapping[str, list[Judged]]:
    """Return the claims by verdict, the verdicts that there are."""
    by = {word: [claim for claim in claims if claim.word == word] for word in SIGNS}
    return {word: alike for word, alike in by.items() if alike}


def headline(claims: Claims) -> str:
    """Return how many claims got which verdict, by who makes them, as sentences."""
    parts = []
    for origin, of in ORIGINS.items():
        mine = [Judged(verdict) for verdict in claims.claims if verdict.origin == origin]
        counts = [f"{len(alike)} {word}" for word, alike in groups(mine).items()]
        if counts:
            parts.append(f"{count(len(mine), 'claim')} {of}: {listed(counts)}.")
    return " ".join([*parts, survivors(claims)])
