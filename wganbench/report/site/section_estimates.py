"""The report's section on estimates beside exact W1, wherever that can be computed."""

from collections.abc import Iterator, Sequence

from wganbench.gather.load import Results
from wganbench.gather.quantities import quantities
from wganbench.report.figures.estimates import estimate_figure
from wganbench.report.site.sections import Section, section
from wganbench.report.style.blocks import Block
from wganbench.report.style.drawable import drawable
from wganbench.report.tables.estimates import estimate_table

_QUESTION = (
    "Where exact W1 can be computed, is the critic's estimate on the same samples equal to it, "
    "proportional to it, or at least in the same order along training?"
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
        if part.runs:
            blocks.append(estimate_figure(drawable(part), f"estimate-{name}", title))
            blocks.append(estimate_table(drawable(part), f"estimate-table-{name}"))
    if blocks:
        part = critics.select(run for _, group in groups.values() for run in group.runs)
        title = "Does the critic's loss measure the Wasserstein distance?"
        yield section("estimates", title, part, blocks, question=_QUESTION)
