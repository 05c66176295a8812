"""[EBGAN] Zhao, Mathieu, LeCun 2016."""

from wganbench.papers import WHOLE, Figure, Paper
from wganbench.report.figures.energies import energy_figures

PAPER = Paper(
    tag="EBGAN",
    title="Energy-based Generative Adversarial Network",
    short="EBGAN",
    authors="Zhao, Mathieu, LeCun",
    year=2016,
    arxiv="1609.03126",
    figures=(
        Figure("Theorems 1 and 2", "The game at its equilibrium", ("theorem 1", "theorem 2"),
               WHOLE, draw=energy_figures),
        Figure("Section 2.4", "The pulling-away term", ("section 2.4",)),
    ),
)  # fmt: skip
