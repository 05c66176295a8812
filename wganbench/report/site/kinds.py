"""What the report shows of an experiment, by the kind of its data."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from wganbench.data.pairs import ParallelLines, TwoGaussians
from wganbench.gather.load import Results
from wganbench.report.figures.blends import blend_figures
from wganbench.report.figures.curves import curves_figures
from wganbench.report.figures.frozen import frozen_figures
from wganbench.report.figures.gaussians import two_gaussians_figure
from wganbench.report.figures.histories import (
    by_random_space,
    by_space,
    distance_figure,
    fid_figure,
    patches_figure,
)
from wganbench.report.figures.lines import parallel_lines_figure
from wganbench.report.figures.nearest import nearest_sheets
from wganbench.report.figures.samples import samples_figures
from wganbench.report.figures.sheets import image_sheets
from wganbench.report.figures.subsets import subset_figures
from wganbench.report.figures.tuning import tuning_figures
from wganbench.report.style.blocks import Block, Figure
from wganbench.report.style.drawable import drawable
from wganbench.report.style.looks import in_order
from wganbench.report.tables.distances import final_table
from wganbench.report.tables.fidelity import fidelity_table, unlabelled_table
from wganbench.report.tables.tuning import tuning_tables

PAIRS: dict[str, Callable[[Results, str], Figure]] = {
    ParallelLines.model_fields["name"].default: parallel_lines_figure,
    TwoGaussians.model_fields["name"].default: two_gaussians_figure,
}


def law_blocks(part: Results, name: str) -> Iterator[Block]:
    """Yield the blocks of an experiment's runs on laws in the plane."""
    crossed = [
        *subset_figures(part, f"{name}-subsets"),
        *blend_figures(part, f"{name}-blends"),
    ]
    if crossed:  # of more settings than a reader could follow along training
        yield from crossed
        yield final_table(part, f"{name}-final")
        yield from tuning_tables(part, f"{name}-law-tuning")
        return
    yield distance_figure(part, f"{name}-distance")
    yield final_table(part, f"{name}-final")
    yield from samples_figures(part, f"{name}-samples")
    laws = list(dict.fromkeys(part.facts["data"]))
    yield from curves_figures(part, f"{name}-curves", "label", "data", laws)
    yield from tuning_blocks(part, f"{name}-law-tuning")


def image_blocks(part: Results, name: str) -> Iterator[Block]:
    """Yield the blocks of an experiment's runs that make images."""
    yield from frozen_figures(part, f"{name}-frozen")
    yield image_sheets(part, f"{name}-sheets")
    for table, extractor, this in by_space(part, f"{name}-fidelity"):
        yield fid_figure(part, table, extractor, this)
        yield fidelity_table(part, table, extractor, this.replace("-fidelity", "-fidelity-table"))
    for table, space, this in by_random_space(part, f"{name}-unlabelled"):
        yield from patches_figure(table, this)
        yield unlabelled_table(part, table, space, f"{this}-table")
    yield from nearest_sheets(part, f"{name}-nearest")
    labels = in_order(part.facts["label"])
    yield from curves_figures(part, f"{name}-curves", "architecture", "label", labels)
    yield from tuning_blocks(part, f"{name}-images-tuning")


def tuning_blocks(part: Results, name: str) -> Iterator[Block]:
    """Yield how the configurations of these runs were tuned, and what that was worth."""
    yield from tuning_tables(part, name)
    yield from tuning_figures(part, f"{name}-worth")


def pair_figures(results: Results, name: str) -> Iterator[Figure]:
    """Yield the figures of an experiment's pairs, those that a paper draws."""
    for data in dict.fromkeys(results.facts["data"]):
        if data in PAIRS:
            yield PAIRS[data](results.where(data=data), f"{name}-{data}")


def kinds_of(results: Results) -> set[tuple[str, str]]:
    """Return each experiment with each kind of its data."""
    facts = results.facts
    return {(str(n), str(kind)) for n, kind in zip(facts["experiment"], facts["kind"], strict=True)}


def blocks_of(part: Results, kind: str, name: str) -> Iterator[Block]:
    """Yield the blocks of an experiment's runs on one kind of data.

    Raises:
        UserError: a file of a run is missing or damaged.
    """
    yield from KINDS[kind](drawable(part), name)


KINDS: Mapping[str, Callable[[Results, str], Iterable[Block]]] = {
    "law": law_blocks,
    "images": image_blocks,
    "pair": pair_figures,
}
