"""The report's section "Is it the Wasserstein distance?"."""

from collections.abc import Iterator, Mapping, Sequence

from wganbench.gather.load import Results
from wganbench.plan.experiment import Experiment
from wganbench.plan.runs import Run
from wganbench.report.blocks import Block, Cell, Section, Table
from wganbench.report.figures_depth import depth_figures
from wganbench.report.figures_knobs import capacity_figures, clip_figures, penalty_figures
from wganbench.report.figures_points import points_figures
from wganbench.report.figures_sample_size import sample_size_figures
from wganbench.report.figures_surfaces import surface_figures
from wganbench.report.figures_truth import truth_figures
from wganbench.report.study import comparing, is_study, sign_changes, with_constant
from wganbench.report.study import ends as ends_of
from wganbench.report.study_settings import norm_tables, optimizer_tables
from wganbench.report.study_table import errors_table
from wganbench.report.study_text import study_statement

TITLE = "Is it the Wasserstein distance?"
_QUESTION = (
    "Trained alone on a fixed pair of laws, how far from W1 is what a critic reports, and what "
    "does that depend on?"
)


def studies(runs: Mapping[str, Sequence[Run]]) -> list[str]:
    """Return the names of the experiments that the section is about."""
    return [name for name, planned in runs.items() if is_study(planned)]


def study_sections(
    experiments: Mapping[str, Experiment], names: Sequence[str], results: Results
) -> Iterator[Section]:
    """Yield the section if there are experiments for it.

    Raises:
        UserError: a run's samples or networks are missing or damaged.
    """
    part = results.among(names)
    if not part.runs:
        return
    lost = part.diverged()
    remarks = [f"Diverged seeds, left out of every mean and figure: {'; '.join(lost)}."]
    yield Section(
        "study",
        TITLE,
        question=_QUESTION,
        remarks=remarks if lost else [],
        blocks=[*_blocks(part), _experiments_table(experiments, names)],
    )


def _blocks(part: Results) -> Iterator[Block]:
    ends = ends_of(part)
    if ends.empty:
        return
    compared = with_constant(comparing(ends), part)
    yield from study_statement(compared)
    yield from truth_figures(compared)
    yield from errors_table(ends)
    yield from points_figures(part, ends)
    yield from clip_figures(ends)
    yield from penalty_figures(ends)
    yield from sample_size_figures(ends)
    yield from capacity_figures(ends, sign_changes(part))
    yield from norm_tables(ends)
    yield from optimizer_tables(ends)
    yield from surface_figures(part, ends)
    yield from depth_figures(part, ends)


def _experiments_table(experiments: Mapping[str, Experiment], names: Sequence[str]) -> Table:
    """Return what each of the section's experiments asks, and of which paper."""
    rows = [
        [Cell(name), Cell(of.source), Cell(of.question), Cell(of.notes)]
        for name, of in ((name, experiments[name]) for name in names)
    ]
    return Table(
        "study-experiments",
        "The experiments of this section",
        "Their settings are those of the runs listed at the end of the page.",
        ["experiment", "source", "question", "notes"],
        rows,
    )
