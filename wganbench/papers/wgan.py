"""[WGAN] Arjovsky, Chintala, Bottou 2017."""

from wganbench.papers import WHOLE, Figure, Paper
from wganbench.report.figures.cells import cells_figures
from wganbench.report.figures.sheets import sheets_of_nets

PAPER = Paper(
    tag="WGAN",
    title="Wasserstein GAN",
    short="Wasserstein GAN",
    authors="Arjovsky, Chintala, Bottou",
    year=2017,
    arxiv="1701.07875",
    is_main=True,
    figures=(
        Figure("Figure 1", "Two parallel lines", ("figure 1", "example 1", "theorem 2"), WHOLE),
        Figure("Figure 2", "Two Gaussians", ("figure 2",), WHOLE),
        Figure("Figures 3 and 4", "Does the loss show how good samples are?",
               ("figure 3", "figure 4"), draw=cells_figures),
        Figure("Figure 5", "A DCGAN generator", ("figure 5",),
               draw=sheets_of_nets("dcgan", "batch", "dcgan")),
        Figure("Figure 6", "No batch norm", ("figure 6",),
               draw=sheets_of_nets("dcgan", "none", "dcgan")),
        Figure("Figure 7", "An MLP as generator", ("figure 7",),
               draw=sheets_of_nets("mlp", "none", "dcgan")),
        Figure("Section 3", "Clip value, critic steps, and the Lipschitz constant",
               ("section 3", "algorithm 1", "equation 3")),
        Figure("Section 4", "Momentum, and mode collapse",
               ("section 4", "section 4.2", "section 4.3")),
        Figure("Official code", "What the authors' code does besides", ("official code",)),
    ),
)  # fmt: skip
