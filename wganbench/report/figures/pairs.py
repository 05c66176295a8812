"""Fixed pairs of laws: each pair that a paper draws has a figure of its own."""

from collections.abc import Callable, Iterator

from wganbench.data.pairs import ParallelLines, TwoGaussians
from wganbench.gather.load import Results
from wganbench.report.figures.gaussians import two_gaussians_figure
from wganbench.report.figures.lines import parallel_lines_figure
from wganbench.report.style.blocks import Figure

FIGURES: dict[str, Callable[[Results, str], Figure]] = {
    ParallelLines.model_fields["name"].default: parallel_lines_figure,
    TwoGaussians.model_fields["name"].default: two_gaussians_figure,
}


def pair_figures(results: Results, name: str) -> Iterator[Figure]:
    """Yield the figures of an experiment's pairs, those that a paper draws."""
    for data in dict.fromkeys(results.facts["data"]):
        if data in FIGURES:
            yield FIGURES[data](results.where(data=data), f"{name}-{data}")
