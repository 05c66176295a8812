"""A page's sections: a heading, what stands below it, and where a reader finds the rest."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from wganbench.gather.load import Results
from wganbench.gather.quantities import quantities
from wganbench.plan.experiment import Experiment
from wganbench.plan.runs import Run
from wganbench.plan.steps import commands, measurements
from wganbench.records.layout import RUNS
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


def section(name: str, title: str, part: Results, blocks: Iterable[Block], **more: Any) -> Section:
    """Return a section about some runs; `more` are further fields of it."""
    blocks = list(blocks)
    behind = dict.fromkeys(run for block in blocks for run in block.behind)
    shown = [part.runs[run] for run in behind if run in part.runs]
    remarks = [*_remarks(part), *_limits(part, shown)]
    commands = section_commands(shown)
    return Section(name, title, remarks=remarks, blocks=blocks, commands=commands, **more)


def _limits(part: Results, behind: Sequence[Run]) -> Iterator[str]:
    """Yield a sentence for each experiment of which only some runs are drawn."""
    planned = Counter(run.experiment for run in part.runs.values())
    drawn = Counter(run.experiment for run in behind)
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


def section_commands(runs: Sequence[Run]) -> str:
    """Return what makes all these runs again, and the first of them alone."""
    return "\n".join(_command_lines(runs)) if runs else ""


def _command_lines(runs: Sequence[Run]) -> Iterator[str]:
    first, scale = runs[0], runs[0].scale
    experiments = " ".join(dict.fromkeys(run.experiment for run in runs))
    last = [step.file for step in measurements(first)] or ["curves.parquet"]
    yield "# every run of it, then summary, verdicts and report"
    yield f"wganbench run {experiments} --scale {scale}"
    yield ""
    yield "# one run alone; the table of runs has every run's name"
    yield from commands(first)
    yield ""
    yield "# the same through Snakemake, which makes what is missing"
    yield f"snakemake --cores 2 --config scale={scale} -- {RUNS / first.id / last[-1]}"
