"""[MBD] Salimans et al. 2016: of its techniques, minibatch discrimination."""

from wganbench.papers import WHOLE, Figure, Paper
from wganbench.report.figures.entropy import entropy_figures

PAPER = Paper(
    tag="MBD",
    title="Improved Techniques for Training GANs",
    short="Minibatch discrimination",
    authors="Salimans et al.",
    year=2016,
    arxiv="1606.03498",
    figures=(
        Figure("Section 3.2", "Minibatch discrimination", ("section 3.2",), WHOLE,
               draw=entropy_figures),
    ),
)  # fmt: skip
