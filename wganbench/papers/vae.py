"""[VAE] Kingma and Welling 2013."""

from collections.abc import Iterator

from wganbench.gather.load import Results
from wganbench.papers import Figure, Paper
from wganbench.report.figures.histories import by_space
from wganbench.report.figures.vae import bound_figure, vae_figures
from wganbench.report.style.blocks import Block
from wganbench.report.tables.fidelity import fidelity_table


def vae_blocks(results: Results, name: str) -> Iterator[Block]:
    """Yield images of a VAE beside those of GANs with its decoder, and their fidelity."""
    yield from vae_figures(results, name)
    images = results.where(kind="images")
    if images.runs:
        for table, extractor, this in by_space(images, f"{name}-fidelity"):
            yield fidelity_table(images, table, extractor, this)


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
