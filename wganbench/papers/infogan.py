"""[InfoGAN] Chen et al. 2016."""

from wganbench.papers import WHOLE, Figure, Paper
from wganbench.report.figures.codes import code_blocks

PAPER = Paper(
    tag="InfoGAN",
    title="InfoGAN: Interpretable Representation Learning by Information Maximizing Generative "
    "Adversarial Nets",
    short="InfoGAN",
    authors="Chen et al.",
    year=2016,
    arxiv="1606.03657",
    figures=(
        Figure("Figures 1 and 2", "A code that can be read off the samples",
               ("figure 1", "figure 2", "section 7.1", "section 7.2"), WHOLE, draw=code_blocks),
    ),
)  # fmt: skip
