"""[DCGAN] Radford, Metz, Chintala 2015."""

from wganbench.papers import Figure, Paper
from wganbench.report.figures.saved_nets import saved_net_blocks

PAPER = Paper(
    tag="DCGAN",
    title="Unsupervised Representation Learning with Deep Convolutional Generative Adversarial "
    "Networks",
    short="DCGAN",
    authors="Radford, Metz, Chintala",
    year=2015,
    arxiv="1511.06434",
    figures=(
        Figure("Sections 5 and 6", "What saved networks know: walks, classes, features",
               ("section 5", "section 6"), draw=saved_net_blocks),
    ),
)  # fmt: skip
