"""A page's sections: a heading, what stands below it, and where a reader finds the rest."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from wganbench.gather.load import Results
from wganbench.gather.quantities import quantities
from wganbench.plan.experiment import Experiment
from wganbench.report.site.commands import section_commands
from wganbench.report.site.references import Reference
from wganbench.report.site.verdicts import Judged
from wganbench.report.style.blocks import Block
from wganbench.report.style.drawable import ALIKE, LEFT_OUT, MOST
from wganbench.report.style.looks import in_order
from wganbench.report.style.wording import listed


@dataclass(frozen=True)
class Link:
    """A link to another part of the report."""

    href: str
    text: str


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    name: str
    title: str
    label: str = ""
    """The figure or section of a paper, before the title."""
    cited: Sequence[Reference] = ()
    """What of papers it is about: claims about that stand here."""
    question: str = ""
    about: Sequence[Experiment] = ()
    """The experiments that were made for it."""
    remarks: Sequence[str] = ()
    """Facts that hold for the whole section: diverged seeds."""
    blocks: Sequence[Block] = field(default_factory=list)
    commands: str = ""
    """What makes its runs again."""
    claims: Sequence[Judged] = ()
    elsewhere: Sequence[Link] = ()
    """Figures in other sections that bear on its claims."""


def section(
    name: str,
    title: str,
    part: Results,
    blocks: Iterable[Block],
    label: str = "",
    cited: Sequence[Reference] = (),
    question: str = "",
    about: Sequence[Experiment] = (),
) -> Section:
    """Return a section about some runs."""
    blocks = list(blocks)
    behind = dict.fromkeys(run for block in blocks for run in block.behind)
    remarks = [*_remarks(part), *_limits(part, behind)]
    return Section(
        name, title, label, cited, question, about, remarks, blocks,
        section_commands([part.runs[run] for run in behind if run in part.runs]),
    )  # fmt: skip


def _limits(part: Results, behind: Collection[str]) -> Iterator[str]:
    """Yield a sentence for each experiment of which only some runs are drawn."""
    planned = Counter(run.experiment for run in part.runs.values())
    drawn = Counter(part.runs[run].experiment for run in behind if run in part.runs)
    for name, shown in drawn.items():
        if shown <= MOST < planned[name]:
            yield LEFT_OUT.format(shown=shown, all=planned[name], name=name, alike=ALIKE)


def _remarks(part: Results) -> Iterator[str]:
    lost = part.diverged()
    if lost:
        yield f"Diverged seeds, left out of means and figures: {'; '.join(lost)}."
    lacking = part.facts.loc[~part.facts["run"].isin(quantities(part)), "label"]
    if len(lacking):
        yield f"Without a critic, and so without an estimate: {listed(in_order(lacking))}."
