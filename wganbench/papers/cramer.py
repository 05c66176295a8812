"""[Cramer] Bellemare et al. 2017: Wasserstein gradients on minibatches are biased.

The theorems' numbers are by recall.
"""

from wganbench.papers import Figure, Paper
from wganbench.report.figures.sample_losses import sample_loss_figures

PAPER = Paper(
    tag="Cramer",
    title="The Cramer Distance as a Solution to Biased Wasserstein Gradients",
    short="Without a critic",
    authors="Bellemare et al.",
    year=2017,
    arxiv="1705.10743",
    figures=(
        Figure("Theorem 1", "Losses of minibatches, without a critic", ("theorem 1", "theorem 2"),
               ("law",), sample_loss_figures),
    ),
)  # fmt: skip
