"""Settings that differ from the paper's: each run's against its grid point at scale `paper`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wganbench.plan.experiment import Experiment
from wganbench.plan.grid import Point
from wganbench.plan.runs import Run, runs_of
from wganbench.plan.settings import BOTH_OPTIMIZERS
from wganbench.report.style.blocks import Cell, Table
from wganbench.report.style.wording import listed

PAPER = "paper"
ABSENT = "(none)"
NAMED = 4  # runs that are named one by one; more are counted, and named on demand

Difference = tuple[str, str, str]
"""Setting, the paper's value, the value here."""


def difference_table(
    experiments: Mapping[str, Experiment], runs: Mapping[str, Sequence[Run]], name: str
) -> Table:
    """Return a row for each setting and pair of values, with the runs that differ so."""
    rows = [
        [Cell(experiment), *(Cell(text, code=True) for text in difference), _applies(ids, planned)]
        for experiment, planned in runs.items()
        for difference, ids in differences(experiments[experiment], experiment, planned).items()
    ]
    return Table(
        name,
        "Settings that differ from the paper's",
        "Each run's resolved configuration against that of the same point of the grid at scale "
        "paper, which the experiment's file states beside it; optimizer stands for both players'. "
        "Equal differences of several runs share a row.",
        ["experiment", "setting", "at scale paper", "here", "runs"],
        rows,
        filterable=True,
    )


def differences(
    experiment: Experiment, name: str, planned: Sequence[Run]
) -> dict[Difference, list[str]]:
    """Return the differences of an experiment's runs from the paper's, with the runs' names."""
    if PAPER not in experiment.scales:
        return {("scale", ABSENT, "the experiment has no scale `paper`"): [r.name for r in planned]}
    papers: dict[str, Run] = {}
    for paper in runs_of(experiment, name, PAPER):
        papers.setdefault(_text_of(paper.point), paper)
        papers.setdefault(_text_of(paper.compared_as), paper)
    found: dict[Difference, list[str]] = {}
    for run in planned:
        counterpart = papers.get(_text_of(run.point), papers.get(_text_of(run.compared_as)))
        for difference in _differences(run, counterpart):
            found.setdefault(difference, []).append(run.name)
    return dict(sorted(found.items()))


def _text_of(point: Point) -> str:
    return repr(sorted(point.items(), key=lambda item: item[0]))


def _differences(run: Run, paper: Run | None) -> list[Difference]:
    if paper is None:
        return [("grid point", ABSENT, "not on the paper's grid")]
    here, there = _flat(run), _flat(paper)
    found = {
        key: (there.get(key, ABSENT), here.get(key, ABSENT))
        for key in dict.fromkeys([*there, *here])
        if there.get(key) != here.get(key)
    }
    return [(key, *values) for key, values in _with_both_optimizers(found).items()]


def _with_both_optimizers(found: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Name a difference that both optimisers share once, as experiment files do."""
    generators, critics = (f"{name}." for name in BOTH_OPTIMIZERS)
    merged: dict[str, tuple[str, str]] = {}
    for key, values in found.items():
        setting = key.removeprefix(critics).removeprefix(generators)
        both = all(found.get(f"{one}{setting}") == values for one in (generators, critics))
        merged[f"optimizer.{setting}" if both else key] = values
    return merged


def _flat(run: Run) -> dict[str, str]:
    settings = _dotted(run.configuration.resolved())
    return {"seeds": str(len(run.seeds)), **{key: _text(value) for key, value in settings}}


def _dotted(settings: Mapping[str, Any], section: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in settings.items():
        if isinstance(value, dict):
            yield from _dotted(value, f"{section}{key}.")
        else:
            yield f"{section}{key}", value


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _applies(ids: Sequence[str], planned: Sequence[Run]) -> Cell:
    chosen = set(ids)
    if len(chosen) == len(planned):
        return Cell(f"all {len(planned)}", len(planned))
    methods = dict.fromkeys(run.configuration.method for run in planned)
    whole = []
    for method in methods:
        its = {run.name for run in planned if run.configuration.method == method}
        if its <= chosen:
            whole.append(f"all {method} ({len(its)})")
            chosen -= its
    rest = [name for name in ids if name in chosen]
    if len(rest) <= NAMED:
        return Cell(listed([*whole, *rest]), len(ids))
    words = listed([*whole, f"{len(rest)} {'more' if whole else 'runs'}"])
    return Cell(words, len(ids), details="\n".join(rest))
