"""Claims as the report shows them: badge, interval against the threshold, where the figures are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from wganbench.claims.judging.table import label
from wganbench.errors import UserError
from wganbench.papers import papers
from wganbench.plan.runs import Run
from wganbench.records.claims import Claims, Verdict
from wganbench.report.site.references import Reference, references
from wganbench.report.style.wording import count, listed, number

# Words of a verdict and the sign beside them, in the order in which a reader meets them.
SIGNS = {"reproduced": "✓", "not reproduced": "✗", "inconclusive": "?", "not tested": "–"}
VERBS = dict(
    zip(SIGNS, ("reproduced", "did not", "stayed inconclusive", "were not tested"), strict=True)
)
FEW_SEEDS = "too few seeds"
MIDDLE, REACH = 50.0, 44.0  # of a bar that is 100 wide: the threshold's place, the longest end's


@dataclass(frozen=True)
class Bar:
    """An interval's places on a bar whose middle is the threshold; right of it the claim holds."""

    low: float
    mean: float
    high: float


@dataclass(frozen=True)
class Judged:
    """A claim with its verdict."""

    verdict: Verdict
    home: str = ""
    """Where the figures behind it are: page and section."""

    @property
    def word(self) -> str:
        return label(self.verdict)

    @property
    def sign(self) -> str:
        return SIGNS[self.word]

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
        value, low, high = (number(v) for v in (verdict.value, verdict.low, verdict.high))
        return f"{'×' * verdict.ratio}{value} [{low}, {high}]"

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
        return f"{count(verdict.seeds, 'seed')}, {count(verdict.contexts, 'context')}"

    @property
    def is_short_of_seeds(self) -> bool:
        """Return whether only more seeds could bring a verdict, wherever the interval lies."""
        return self.verdict.tested and self.verdict.because.startswith(FEW_SEEDS)

    @property
    def bar(self) -> Bar | None:
        """Return the interval as it is drawn, on a scale of its own."""
        verdict = self.verdict
        if verdict.value is None or verdict.low is None or verdict.high is None:
            return None
        sign = 1 if verdict.direction == "at least" else -1
        places = np.array([verdict.low, verdict.value, verdict.high])
        apart = np.log(places / verdict.threshold) if verdict.ratio else places - verdict.threshold
        apart = sign * apart
        longest = float(np.abs(apart).max()) or 1.0
        low, mean, high = (float(x) for x in MIDDLE + REACH * apart / longest)
        return Bar(round(min(low, high), 2), round(mean, 2), round(max(low, high), 2))


def judged(claims: Claims, scale: str, runs: Iterable[Run]) -> list[Judged]:
    """Return the claims, if they are about these runs, in the papers' order.

    Raises:
        UserError: they are of another scale, or rest on runs that the report is not about.
    """
    if claims.scale != scale:
        raise UserError(
            f"claims.json: scale: is {claims.scale}, the report's is {scale}; "
            f"run `wganbench claims --scale {scale}`"
        )
    known = {run.id for run in runs}
    for verdict in claims.claims:
        for run in verdict.runs:
            if run not in known:
                raise UserError(
                    f"claims.json: {verdict.name}: rests on {run}, which the report is not about; "
                    f"run `wganbench claims --scale {scale}`"
                )
    order = [paper.tag for paper in papers().values()]
    found = [Judged(verdict) for verdict in claims.claims]
    return sorted(found, key=lambda one: _rank(one.cited, order))


def _rank(cited: Sequence[Reference], order: Sequence[str]) -> int:
    """Return the place of the first cited paper among those with a page, or the last one."""
    first = cited[0][0] if cited else ""
    return order.index(first) if first in order else len(order)


def groups(claims: Sequence[Judged]) -> Mapping[str, list[Judged]]:
    """Return the claims by verdict, the verdicts that there are."""
    by = {word: [claim for claim in claims if claim.word == word] for word in SIGNS}
    return {word: alike for word, alike in by.items() if alike}


def headline(claims: Sequence[Judged]) -> str:
    """Return how many claims got which verdict, as a sentence."""
    by = groups(claims)
    counts = [f"{len(alike)} {VERBS[word]}" for word, alike in by.items()]
    if "reproduced" not in by:
        counts = ["none reproduced", *counts]
    few = sum(claim.is_short_of_seeds for claim in claims)
    why = f" {few} of the inconclusive ones want more seeds." if few else ""
    return f"Of {count(len(claims), 'claim')}, {listed(counts)}.{why}"
