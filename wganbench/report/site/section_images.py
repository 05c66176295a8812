"""What the report shows of an experiment whose runs make images."""

from collections.abc import Callable, Iterable, Iterator

from wganbench.gather.load import Results
from wganbench.report.figures.curves import curves_figure
from wganbench.report.figures.fidelity import fidelity_blocks
from wganbench.report.figures.nearest import nearest_sheets
from wganbench.report.figures.overfitting import overfitting_figures
from wganbench.report.figures.scores import score_figures
from wganbench.report.figures.sheets import image_sheets
from wganbench.report.style.blocks import Block
from wganbench.report.style.looks import in_order

# Figures of the papers that are one experiment's own.
_OWN: dict[str, Callable[[Results, str], Iterable[Block]]] = {
    "gp-fig3": score_figures,
    "gp-fig5": overfitting_figures,
}


def image_blocks(part: Results, name: str) -> Iterator[Block]:
    """Yield the blocks of an experiment's image runs.

    Raises:
        UserError: samples, fidelity or data of a run are missing or damaged.
    """
    if name in _OWN:
        yield from _OWN[name](part, f"{name}-paper")
    yield image_sheets(part, f"{name}-sheets")
    yield from fidelity_blocks(part, f"{name}-fidelity")
    yield from nearest_sheets(part, f"{name}-nearest")
    yield curves_figure(
        part, f"{name}-curves", "What the critic says along training", "architecture", "label",
        in_order(part.facts["label"]),
    )  # fmt: skip
