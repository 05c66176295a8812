"""The report's section on estimates beside exact W1, wherever that can be computed."""

from collections.abc import Iterator, Sequence

from wganbench.gather.load import Results
from wganbench.report.figures.estimates import estimate_figure
from wganbench.report.site.kinds import kinds_of
from wganbench.report.site.sections import Section, section
from wganbench.report.style.blocks import Block
from wganbench.report.style.drawable import drawable
from wganbench.report.tables.estimates import estimate_table

_QUESTION = (
    "Where exact W1 can be computed, is the critic's estimate on the same samples equal to it, "
    "proportional to it, or at least in the same order along training?"
)


def estimate_sections(results: Results, names: Sequence[str]) -> Iterator[Section]:
    """Yield the section if any of these experiments has a distance to compare with."""
    having = kinds_of(results.among(names))
    part = results.among({name for name, kind in having if kind != "images"})
    blocks = list(_blocks(part, [name for name in names if (name, "law") in having]))
    if blocks:
        title = "Does the critic's loss measure the Wasserstein distance?"
        yield section("estimates", title, part, blocks, question=_QUESTION)


def _blocks(results: Results, names: Sequence[str]) -> Iterator[Block]:
    for name in names:
        part = drawable(results.of(experiment=name, kind="law"))
        title = f"Laws that a generator learns ({name})"
        yield estimate_figure(part, f"estimate-{name}", title)
        yield estimate_table(part, f"estimate-table-{name}")
    pairs = drawable(results.of(kind="pair"))
    if pairs.runs:
        yield estimate_figure(pairs, "estimate-pairs", "Fixed pairs of laws")
        yield estimate_table(pairs, "estimate-table-pairs")
