"""What changed between two sides: pure functions from their tables to one comparison."""

from collections.abc import Container, Iterable
from typing import Annotated

import pandas as pd
from pydantic import Field

from wganbench.compare.numbers import Change, changes, in_other_spaces, same_to_the_bit
from wganbench.compare.sides import Side
from wganbench.plugins import Strict
from wganbench.records.claims import Verdict

SCHEMA_VERSION = 1
# A verdict is another question where one of these is another.
RULE = ("statistic", "ratio", "direction", "threshold")
CODE = "code_digest"
NUMBER = ("value", "low", "high", "seeds", "contexts")


class VerdictChange(Strict):
    """A claim that came out differently."""

    old: Verdict
    new: Verdict
    rule_changed: Annotated[
        bool, Field(description="Whether statistic or threshold are others than before.")
    ]

    @property
    def flipped(self) -> bool:
        """Whether the word changed, and not the numbers alone."""
        return self.old.verdict != self.new.verdict


class Ended(Strict):
    """A seed that ended differently: ok on one side, diverged on the other."""

    seed: int
    old: str
    new: str


class RunChange(Strict):
    """A run of one configuration whose numbers are not the same to the last bit."""

    id: str
    ended: list[Ended]
    changes: Annotated[list[Change], Field(description="Metrics that differ.")]
    other_code: Annotated[bool, Field(description="Whether other code trained it.")]
    other_device: Annotated[bool, Field(description="Whether it was trained on another device.")]
    other_features: Annotated[
        bool, Field(description="Whether FID and kin are of another feature space, hence left out.")
    ]


class Comparison(Strict):
    """Two results, held against one another. Times are no results and never compared."""

    schema_version: int = SCHEMA_VERSION
    old: str
    new: str
    warnings: Annotated[list[str], Field(description="What forbids or weakens the comparison.")]
    other_judging_code: Annotated[bool, Field(description="Whether other code judged the claims.")]
    verdicts: Annotated[list[VerdictChange], Field(description="Claims that differ.")]
    verdicts_alike: Annotated[int, Field(description="Claims with the same verdict and numbers.")]
    claims_only_old: list[str]
    claims_only_new: list[str]
    runs: Annotated[list[RunChange], Field(description="Runs that differ.")]
    runs_alike: Annotated[int, Field(description="Runs that are the same to the last bit.")]
    alike_by_other_code: Annotated[
        int, Field(description="Of these, how many were trained by other code than before.")
    ]
    runs_only_old: list[str]
    runs_only_new: list[str]

    @property
    def differs(self) -> bool:
        """Whether any result is not the same; other code with the same results is none."""
        only_one = self.claims_only_old + self.claims_only_new + self.runs_only_old
        return any((self.warnings, self.verdicts, self.runs, only_one, self.runs_only_new))


def compared(old: Side, new: Side) -> Comparison:
    """Return what changed from the old side to the new one."""
    ours, theirs = (side.claims.by_name if side.claims else {} for side in (old, new))
    both = [name for name in ours if name in theirs]
    found = [pair for name in both if (pair := _verdict_change(ours[name], theirs[name]))]
    rows, others = _by_run(old.summary), _by_run(new.summary)
    alike = {n: same_to_the_bit(rows[n], others[n]) for n in rows if n in others}
    runs = [_run_change(n, rows[n], others[n]) for n, same in alike.items() if not same]
    return Comparison(
        old=old.name,
        new=new.name,
        warnings=_warnings(old, new),
        other_judging_code=len({s.claims.code_digest for s in (old, new) if s.claims}) > 1,
        verdicts=found,
        verdicts_alike=len(both) - len(found),
        # Of a side without such a file there is a warning instead of a list of everything.
        claims_only_old=_only(ours, theirs) if new.claims else [],
        claims_only_new=_only(theirs, ours) if old.claims else [],
        runs=runs,
        runs_alike=sum(alike.values()),
        alike_by_other_code=sum(
            _other(CODE, rows[n], others[n]) for n, same in alike.items() if same
        ),
        runs_only_old=_only(rows, others) if new.summary is not None else [],
        runs_only_new=_only(others, rows) if old.summary is not None else [],
    )


def _warnings(old: Side, new: Side) -> list[str]:
    warnings = []
    if old.scales != new.scales:
        scales = " and ".join(", ".join(sorted(side.scales)) for side in (old, new))
        warnings.append(
            f"the scales differ, {scales}: their verdicts answer different questions, and the runs "
            "are not the same"
        )
    for side in (old, new):
        if len(side.scales) > 1:
            warnings.append(f"{side.name}: claims and runs are of different scales")
        if side.claims is None:
            warnings.append(f"{side.name}: has no claims.json, so no verdicts are compared")
        if side.summary is None:
            warnings.append(f"{side.name}: has no summary.csv, so no runs are compared")
    return warnings


def _by_run(summary: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
    grouped = () if summary is None else summary.groupby("id", sort=False)
    return {str(run): rows for run, rows in grouped}


def _only(ours: Iterable[str], theirs: Container[str]) -> list[str]:
    return [name for name in ours if name not in theirs]


def _verdict_change(old: Verdict, new: Verdict) -> VerdictChange | None:
    differing = {key for key in (*RULE, *NUMBER) if getattr(old, key) != getattr(new, key)}
    change = VerdictChange(old=old, new=new, rule_changed=not differing.isdisjoint(RULE))
    return change if differing or change.flipped else None


def _other(fact: str, old: pd.DataFrame, new: pd.DataFrame) -> bool:
    return set(old[fact]) != set(new[fact])


def _run_change(run: str, old: pd.DataFrame, new: pd.DataFrame) -> RunChange:
    statuses = old.merge(new, on="seed")[["seed", "status_x", "status_y"]].itertuples(index=False)
    ended = [Ended(seed=seed, old=was, new=now) for seed, was, now in statuses if was != now]
    return RunChange(
        id=run,
        ended=ended,
        changes=changes(old, new),
        other_code=_other(CODE, old, new),
        other_device=_other("device", old, new),
        other_features=in_other_spaces(old, new),
    )
