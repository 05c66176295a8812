"""Which methods may be compared on which tasks, and what is left out, with the reason.

Only what was tuned alike is compared: the configurations of one experiment that were chosen from
equally many settings, on seeds that the comparison does not use. Methods that share all of their
tasks are a field.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from wganbench.claims.judging.evidence import FLOORS, Evidence, evidence_of
from wganbench.claims.judging.interval import RANKED_SEEDS
from wganbench.gather.aggregates import Estimate, Strata, aggregate, improvement
from wganbench.gather.load import Results
from wganbench.report.style.looks import in_order
from wganbench.report.style.wording import setting_words

MEASURES = {"law": "w1", "images": "fid"}
"""By the kind of data the distance that is compared; pairs of laws have no generator."""
NAMES = {"w1": "exact W1", "fid": "FID"}
MOST_PAIRED = 5  # methods of which all pairs are shown: ten
EVEN = 0.5  # the probability that either of two equal methods is nearer
_TASK = ("data.", "generator.", "critic.")  # axes of a grid that are part of the task
_COLUMNS = ("run", "seed", "experiment", "method", "task", "score")


@dataclass(frozen=True)
class Field:
    """Methods that were all tuned alike on all of some tasks."""

    measure: str
    """A column: `w1` or `fid`."""
    scores: pd.DataFrame
    """A row for each `run` and `seed`, with its `experiment`, `method` and `task`: `score` is the
    distance at the end over its floor, infinite if the replica diverged."""
    settings: Mapping[str, int]
    """From how many settings each experiment chose for each method."""

    at_end: frozenset[str]
    """The runs whose setting is the smallest or the largest that was tried."""

    @cached_property
    def standings(self) -> dict[str, Estimate]:
        """The interquartile mean of each method's scores, geometric, the smallest first."""
        found = {
            method: Estimate(*(float(np.exp(one)) for one in aggregate(self.strata(method))))
            for method in in_order(self.scores["method"])
        }
        return dict(sorted(found.items(), key=lambda item: item[1].value))

    @property
    def tasks(self) -> list[str]:
        return list(dict.fromkeys(self.scores["task"]))

    @property
    def has_all_pairs(self) -> bool:
        return len(self.standings) <= MOST_PAIRED

    @cached_property
    def pairs(self) -> "list[Pair]":
        """Any two methods, the leading one first; of many the first one with each other."""
        names = list(self.standings)
        firsts = names if self.has_all_pairs else names[:1]
        return [self._pair(a, b) for n, a in enumerate(firsts) for b in names[n + 1 :]]

    def strata(self, method: str) -> Strata:
        """Return a method's logarithms of scores, an array of seeds for each task."""
        rows = self.scores[self.scores["method"] == method]
        return [
            np.log(rows.loc[rows["task"] == task, "score"].to_numpy(dtype=float))
            for task in self.tasks
        ]

    def _pair(self, ahead: str, other: str) -> "Pair":
        x, y = self.strata(ahead), self.strata(other)
        by_task = {task: improvement([x[k]], [y[k]]) for k, task in enumerate(self.tasks)}
        overall = improvement(x, y)
        behind = {1: other, -1: ahead}.get(_side(overall), "")
        rows = self.scores[self.scores["method"] == behind]
        return Pair(ahead, other, overall, by_task, bool(rows["run"].isin(self.at_end).any()))


@dataclass(frozen=True)
class Pair:
    """How probably a run of one method ends nearer to the data than one of another."""

    ahead: str
    """The one with the smaller interquartile mean."""
    other: str
    overall: Estimate
    by_task: Mapping[str, Estimate]
    is_open: bool
    """Whether the one that is behind was chosen at an end of what was tried, on some task."""

    @property
    def finding(self) -> str:
        """Return what the intervals tell of the first one.

        It is mixed, if one task's says the opposite of another's.
        """
        if {1, -1} <= {_side(one) for one in self.by_task.values()}:
            return "mixed: tasks contradict one another"
        side = _side(self.overall)
        if not side:
            return "not told apart"
        beyond = "; the one behind may do better beyond the settings tried" if self.is_open else ""
        return f"{'nearer' if side > 0 else 'farther'}{beyond}"


@dataclass(frozen=True)
class LeftOut:
    """Runs of an experiment that are not compared."""

    experiment: str
    methods: Sequence[str]
    reason: str
    runs: Sequence[str]


def _side(probability: Estimate) -> int:
    """Return on which side of one half a whole interval lies, 0 if on both."""
    return int(probability.low > EVEN) - int(probability.high < EVEN)


def fields(results: Results) -> tuple[list[Field], list[LeftOut]]:
    """Return the fields, those with the most tasks first, and what no field has."""
    table, scores = _tuned(_configurations(results.compared), results)
    found: dict[Hashable, list[pd.DataFrame]] = {}
    reasons: list[pd.DataFrame] = []
    for _, rows in table.groupby("task_key", sort=False):
        reason = _reason(rows, scores)
        fair = rows[reason == ""]
        reasons.append(rows.assign(reason=reason)[reason != ""])
        if len(fair):
            key = (fair["kind"].iloc[0], frozenset(fair["method"]))
            found.setdefault(key, []).append(fair)
    at_end = _at_end(results.candidates)
    made = [_field(pd.concat(parts), scores, at_end) for parts in found.values()]
    made.sort(key=lambda field: (-len(field.tasks), -len(field.standings)))
    return made, _left_out(reasons)


def _tuned(table: pd.DataFrame, results: Results) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the configurations with the numbers of settings tried and of seeds, and the scores.

    Of a run that was not tuned there are no scores: nothing is ranked by them.
    """
    runs = table["run"][table["run"].isin(results.candidates["compared"])]
    if runs.empty:
        return table.assign(tried=1, seeds=0), pd.DataFrame(columns=["run", "seed", "score"])
    evidence = evidence_of(results.compared.select(runs))
    counts = {"tried": evidence.tried, "seeds": evidence.seeds.groupby("run").size()}
    known = {name: table["run"].map(values).fillna(0) for name, values in counts.items()}
    return table.assign(**known), _scores(table, evidence)


def _configurations(results: Results) -> pd.DataFrame:
    """Return a row for each run with a generator: its facts, `method`, `preset` and `task_key`."""
    facts = results.facts[results.facts["kind"].isin(MEASURES)]
    runs = [results.runs[run] for run in facts["run"]]
    nets = [{k: v for k, v in run.compared_as.items() if k.startswith(_TASK) and k != "data.name"}
            for run in runs]  # fmt: skip
    keys = zip(facts["experiment"], facts["data_id"], map(setting_words, nets), strict=True)
    facts = facts.assign(
        preset=[run.configuration.method for run in runs], nets=pd.Series(nets, facts.index),
        task_key=[" ".join(key) for key in keys],
    )  # fmt: skip
    same = facts.duplicated(["task_key", "line"], keep=False)
    points = [setting_words(run.compared_as) for run in runs]
    return facts.assign(
        method=facts["line"].mask(same, facts["line"] + ", " + pd.Series(points, facts.index))
    )


def _scores(table: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """Return `run`, `seed` and `score` of every replica that may judge, if it was measured."""
    parts = []
    for kind, measure in MEASURES.items():
        runs = set(table.loc[table["kind"] == kind, "run"])
        ends = evidence.ends.reindex(columns=["run", "seed", measure, FLOORS[measure]])
        ends = ends[ends["run"].isin(runs)]
        floors = ends.groupby("run")[FLOORS[measure]].transform("mean")
        parts.append(ends[["run", "seed"]].assign(score=(ends[measure] / floors).astype(float)))
    known = evidence.seeds.merge(pd.concat(parts), on=["run", "seed"], how="left")
    score = known["score"].where(known["ok"].astype(bool), np.inf)
    return known.assign(score=score)[["run", "seed", "score"]]


def _reason(rows: pd.DataFrame, scores: pd.DataFrame) -> pd.Series:
    """Return why each configuration of a task is not compared there, empty if it is."""
    unmeasured = set(scores.loc[scores["score"].isna(), "run"])
    reason = pd.Series("", rows.index)
    reason[rows["tried"] < 2] = "as configured, at one setting that nobody tuned"
    reason[(reason == "") & rows["run"].isin(unmeasured)] = "the distance or its floor is not known"
    few = f"fewer than {RANKED_SEEDS} seeds beside those that tuned it, of which no interval is had"
    reason[(reason == "") & (rows["seeds"] < RANKED_SEEDS)] = few
    most = rows.loc[reason == "", "tried"].max()
    reason[(reason == "") & (rows["tried"] < most)] = "tuned with fewer settings than others"
    fair = rows[reason == ""]
    if len(fair) and fair["preset"].nunique() < 2:
        alone = "no other method is tuned alike" if len(fair) == 1 else "variants of one method"
        reason[reason == ""] = alone
    return reason


def _at_end(found: pd.DataFrame) -> frozenset[str]:
    chosen = found["chosen"].astype(bool) & found["at_end"].astype(bool)
    return frozenset(found.loc[chosen, "compared"])


def _field(rows: pd.DataFrame, scores: pd.DataFrame, at_end: frozenset[str]) -> Field:
    named = rows.assign(task=_task_names(rows))
    table = named.merge(scores, on="run")[list(_COLUMNS)]
    tried = named.groupby("experiment", sort=False)["tried"].first()
    settings = {str(name): int(n) for name, n in tried.items()}
    return Field(MEASURES[rows["kind"].iloc[0]], table, settings, at_end)


def _task_names(rows: pd.DataFrame) -> list[str]:
    """Return the data set of each row, with what else distinguishes its task from others."""
    experiments = rows["experiment"] if len(set(rows["experiment"])) > 1 else [""] * len(rows)
    keys = dict.fromkeys(key for nets in rows["nets"] for key in nets)
    varying = [k for k in keys if len({repr(nets.get(k)) for nets in rows["nets"]}) > 1]

    def named(experiment: str, data: str, nets: Mapping[str, Any]) -> str:
        settings = setting_words({key: nets[key] for key in varying if key in nets})
        return ", ".join(filter(None, [data, settings, experiment]))

    return [named(*one) for one in zip(experiments, rows["data"], rows["nets"], strict=True)]


def _left_out(reasons: Sequence[pd.DataFrame]) -> list[LeftOut]:
    return list(_by_reason(pd.concat(reasons))) if reasons else []


def _by_reason(table: pd.DataFrame) -> Iterator[LeftOut]:
    for (experiment, reason), rows in table.groupby(["experiment", "reason"], sort=False):
        yield LeftOut(str(experiment), in_order(rows["method"]), str(reason), list(rows["run"]))
