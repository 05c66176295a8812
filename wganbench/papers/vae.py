"""[VAE] Kingma and Welling 2013."""

from wganbench.papers import Figure, Paper
from wganbench.report.figures.vae import bound_figure, vae_blocks

PAPER = Paper(
    tag="VAE",
    title="Auto-Encoding Variational Bayes",
    short="VAE",
    authors="Kingma, Welling",
    year=2013,
    arxiv="1312.6114",
    figures=(
        Figure("Figure 2", "The bound along training", ("figure 2",), draw=bound_figure),
        Figure("Figure 5", "Images beside those of GANs with the same generator", ("figure 5",),
               draw=vae_blocks),
    ),
)  # fmt: skip
