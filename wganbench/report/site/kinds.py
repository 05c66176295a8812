"""What the report shows of an experiment, by the kind of its data."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from wganbench.gather.load import Results
from wganbench.report.figures.curves import curves_figure
from wganbench.report.figures.distances import distance_figure, final_table
from wganbench.report.figures.pairs import pair_figures
from wganbench.report.figures.samples import samples_figures
from wganbench.report.site.section_images import image_blocks
from wganbench.report.style.blocks import Block
from wganbench.report.style.drawable import drawable


def law_blocks(part: Results, name: str) -> Iterator[Block]:
    """Yield the blocks of an experiment's runs on laws in the plane."""
    yield distance_figure(part, f"{name}-distance")
    yield final_table(part, f"{name}-final")
    yield from samples_figures(part, f"{name}-samples")
    yield curves_figure(
        part, f"{name}-curves", "What the critic says along training", "label", "data",
        list(dict.fromkeys(part.facts["data"])),
    )  # fmt: skip


def pair_blocks(part: Results, name: str) -> Iterator[Block]:
    """Yield the blocks of an experiment's runs on fixed pairs of laws."""
    for data in dict.fromkeys(part.facts["data"]):
        yield from pair_figures(part.of(data=data), data, f"{name}-{data}")


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
    "pair": pair_blocks,
}
