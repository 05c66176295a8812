"""[GP] table 2: how many random architectures GAN alone trains, WGAN-GP alone, both or neither."""

from collections.abc import Hashable, Iterator

import pandas as pd

from wganbench.claims.judging.evidence import evidence_of
from wganbench.claims.judging.outcomes import above, outcomes
from wganbench.gather.load import Results
from wganbench.report.style.blocks import Cell, Table, TableRow, tabulated
from wganbench.report.style.wording import NOTHING

# Which of GAN and WGAN-GP succeeds.
OUTCOMES = {
    "only GAN": (True, False),
    "only WGAN-GP": (False, True),
    "both": (True, True),
    "neither": (False, False),
}
# [GP] table 2, of 200 architectures.
PAPERS = {
    above(1): (0, 8, 192, 0),
    above(3): (1, 88, 110, 1),
    above(5): (0, 147, 42, 11),
    above(7): (1, 104, 5, 90),
    above(9): (0, 0, 0, 200),
}
_CAPTION = (
    "The same random architectures for both methods, each of which has one set of hyperparameters "
    "for all of them; counted are those where a method's score at the end passes a threshold. "
)
_HERE = (
    "The paper's thresholds are Inception scores. Here they are FIDs, in the space of a "
    "classifier, of images that no trained generator makes, so that the paper's counts do not "
    "compare."
)
_THERE = "Beside them the paper's counts, of 200 architectures on 32x32 ImageNet."
_JUDGED = "the claim is judged here"


def outcome_tables(results: Results, name: str) -> Iterator[Table]:
    """Yield a table for each experiment with random architectures that both methods trained."""
    found = outcomes(evidence_of(results)) if results.runs else None
    if found is None:
        return
    for n, (_, table) in enumerate(found.groupby("experiment", sort=False)):
        rows = [_row(bar, at_bar) for bar, at_bar in table.groupby("bar", sort=False)]
        yield tabulated(
            f"{name}-{n}" if n else name,
            "Which method trains a random architecture?",
            _CAPTION + (_THERE if set(table["bar"]) & PAPERS.keys() else _HERE),
            rows,
            (run for runs in table["runs"] for run in runs),
        )


def _row(bar: Hashable, table: pd.DataFrame) -> TableRow:
    papers = PAPERS.get(str(bar), ())
    return {
        "threshold": str(bar),
        "architectures": _count(len(table)),
        **{words: _count(_how_many(table, *which)) for words, which in OUTCOMES.items()},
        **{f"{words}, in [GP]": _count(n) for words, n in zip(OUTCOMES, papers, strict=False)},
        "verdict": _JUDGED if table["is_verdicts"].any() else NOTHING,
    }


def _how_many(table: pd.DataFrame, gan: bool, wgan_gp: bool) -> int:
    return int(((table["gan"] == gan) & (table["wgan_gp"] == wgan_gp)).sum())


def _count(n: int) -> Cell:
    return Cell(f"{n:,}", n)
