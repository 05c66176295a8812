"""[fGAN] Nowozin, Cseke, Tomioka 2016."""

from wganbench.papers import WHOLE, Figure, Paper
from wganbench.report.tables.fits import fit_tables

PAPER = Paper(
    tag="fGAN",
    title="f-GAN: Training Generative Neural Samplers using Variational Divergence Minimization",
    short="f-GAN",
    authors="Nowozin, Cseke, Tomioka",
    year=2016,
    arxiv="1606.00709",
    figures=(
        Figure("Table 3", "A Gaussian fitted to a mixture", ("table 3", "section 2.5"), WHOLE,
               draw=fit_tables),
    ),
)  # fmt: skip
