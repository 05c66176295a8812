"""Which runs of a plan are needed: of a tuned configuration's settings one is trained further.

A setting's candidate has the tuning seeds; the run that is compared and judged has the others. That
one is planned for every setting, and needed of the chosen one.
"""

from collections.abc import Iterable, Iterator, Sequence

from wganbench.plan.runs import Run
from wganbench.records.choices import Choices


def needed(runs: Sequence[Run], choices: Choices) -> list[Run]:
    """Return an experiment's runs without those of settings that were not chosen, or not yet."""
    points = [c.point for group in _tuned(runs) if (c := _chosen(group, choices))]
    return [run for run in runs if run.candidate or not run.tuned or run.point in points]


def undecided(runs: Sequence[Run], choices: Choices) -> list[Run]:
    """Return a run for each configuration that nothing is chosen for yet: its first setting's."""
    waiting = (group for group in _tuned(runs) if not _chosen(group, choices))
    return [next(run for run in group if not run.candidate) for group in waiting]


def _tuned(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Yield the runs of each configuration that is tuned, with both runs of each setting."""
    groups: dict[str, list[Run]] = {}
    for run in runs:
        if run.tuned:
            groups.setdefault(run.compared_key, []).append(run)
    yield from groups.values()


def _chosen(group: list[Run], choices: Choices) -> Run | None:
    candidates = {run.id: run for run in group if run.candidate}
    return candidates.get(choices.of({*candidates}) or "")
