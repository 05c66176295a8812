"""[UGAN] Metz, Poole, Pfau, Sohl-Dickstein 2016."""

from wganbench.papers import Figure, Paper
from wganbench.report.figures.unrolling import unrolling_figures

PAPER = Paper(
    tag="UGAN",
    title="Unrolled Generative Adversarial Networks",
    short="Unrolled GAN",
    authors="Metz, Poole, Pfau, Sohl-Dickstein",
    year=2016,
    arxiv="1611.02163",
    figures=(
        Figure("Section 2.4", "The missing gradient term", ("section 2.4", "equation 12")),
        Figure("Figure 2", "A ring of Gaussians", ("figure 2", "section 3.1"), ("law",),
               draw=unrolling_figures),
        Figure("Official code", "The authors' demo", ("official code",)),
    ),
)  # fmt: skip
