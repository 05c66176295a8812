"""[fGAN] Nowozin, Cseke, Tomioka 2016."""

from wganbench.papers import WHOLE, Figure, Paper
from wganbench.report.figures.fields import single_step_blocks
from wganbench.report.figures.js_training import js_figure
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
        Figure("Section 3.1", "The single-step method", ("section 3.1",), WHOLE,
               draw=single_step_blocks),
        Figure("Section 3.2", "Is it the divergence that is minimised?", ("section 3.2",), WHOLE,
               draw=js_figure),
        Figure("Section 4.2", "Does the divergence matter?", ("section 4.2",), WHOLE),
    ),
)  # fmt: skip
