"""The report's sections on whether critics' estimates are the Wasserstein distance."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from wganbench.gather.load import Results
from wganbench.gather.quantities import quantities
from wganbench.gather.study import comparing, is_study, sign_changes, with_constant
from wganbench.gather.study import ends as ends_of
from wganbench.plan.experiment import Experiment
from wganbench.plan.runs import Run
from wganbench.report.figures.ablation import (
    capacity_figures,
    clip_figures,
    penalty_figures,
    sample_size_figures,
)
from wganbench.report.figures.estimates import estimate_figures
from wganbench.report.figures.points import points_figures
from wganbench.report.figures.truth import truth_figures
from wganbench.report.site.kinds import tuning_blocks
from wganbench.report.site.references import references
from wganbench.report.site.sections import Section, section
from wganbench.report.style.blocks import Block, Table, tabulated
from wganbench.report.style.drawable import drawable
from wganbench.report.tables.estimates import estimate_table
from wganbench.report.tables.settings import norm_tables, optimizer_tables
from wganbench.report.tables.study import errors_table, study_statement

_LEARNED = (
    "Where exact W1 can be computed, is the critic's estimate on the same samples equal to it, "
    "proportional to it, or at least in the same order along training?"
)
MOST_LABELS = 12  # of more than that no reader tells the points apart
_TITLE = "How far from W1 is a critic's estimate?"
_CITED = references("[KSB] section 4, section 5")
_ALONE = (
    "Trained alone on a fixed pair of laws, how far from W1 is what a critic reports, and what "
    "does that depend on?"
)


def estimate_sections(results: Results, names: Sequence[str]) -> Iterator[Section]:
    """Yield the section if any of these experiments has critics and a distance to compare with."""
    critics = results.among(names).select(quantities(results))
    groups = {
        name: (f"Laws that a generator learns ({name})", critics.where(experiment=name, kind="law"))
        for name in names
    }
    groups["pairs"] = ("Fixed pairs of laws", critics.where(kind="pair"))
    blocks: list[Block] = []
    for name, (title, part) in groups.items():
        if part.runs and part.facts["label"].nunique() <= MOST_LABELS:
            blocks += estimate_figures(drawable(part), f"estimate-{name}", title)
        if part.runs:
            blocks.append(estimate_table(drawable(part), f"estimate-table-{name}"))
    if blocks:
        part = critics.select(run for _, group in groups.values() for run in group.runs)
        title = "Does the critic's loss measure the Wasserstein distance?"
        yield section("estimates", title, part, blocks, question=_LEARNED)


def studies(runs: Mapping[str, Sequence[Run]]) -> list[str]:
    """Return the names of the experiments that the section is about."""
    return [name for name, planned in runs.items() if is_study(planned)]


def study_sections(
    experiments: Mapping[str, Experiment], names: Sequence[str], results: Results
) -> Iterator[Section]:
    """Yield the study's sections if there are experiments for them.

    Raises:
        UserError: a run's samples or networks are missing or damaged.
    """
    part = results.among(names)
    ends = ends_of(part).copy()  # in one piece, else pandas warns of its hundred
    if ends.empty:
        return
    answers = [*_answers(ends, part), _experiments_table(experiments, names)]
    yield section(
        "study", _TITLE, part, answers, cited=_CITED, question=_ALONE,
    )  # fmt: skip
    ablations = list(_ablations(ends, part))
    if ablations:
        yield section("ablations", "What does a critic's estimate depend on?", part, ablations)


def _answers(ends: pd.DataFrame, part: Results) -> Iterator[Block]:
    compared = with_constant(comparing(ends), part)
    yield from study_statement(compared)
    yield from truth_figures(compared)
    yield from errors_table(ends)
    yield from points_figures(part, ends)
    yield from tuning_blocks(part, "study-tuning")


def _ablations(ends: pd.DataFrame, part: Results) -> Iterator[Block]:
    yield from clip_figures(ends)
    yield from penalty_figures(ends)
    yield from sample_size_figures(ends)
    yield from capacity_figures(ends, sign_changes(part))
    yield from norm_tables(ends)
    yield from optimizer_tables(ends)


def _experiments_table(experiments: Mapping[str, Experiment], names: Sequence[str]) -> Table:
    rows = [
        {"experiment": name, "source": e.source, "question": e.question, "notes": e.notes}
        for name, e in experiments.items()
        if name in names
    ]
    return tabulated(
        "study-experiments",
        "The experiments of this section",
        "Their settings are those of their runs, on the page of runs.",
        rows,
    )
