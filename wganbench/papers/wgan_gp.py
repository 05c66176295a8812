"""[GP] Gulrajani et al. 2017."""

from wganbench.papers import WHOLE, Figure, Paper
from wganbench.report.figures.depth import depth_figures
from wganbench.report.figures.overfitting import overfitting_figures
from wganbench.report.figures.penalty_points import penalty_points_figures
from wganbench.report.figures.scores import score_figures
from wganbench.report.figures.slopes import slope_figures
from wganbench.report.figures.surfaces import surface_figures
from wganbench.report.tables.outcomes import outcome_tables

PAPER = Paper(
    tag="GP",
    title="Improved Training of Wasserstein GANs",
    short="Improved Training",
    authors="Gulrajani et al.",
    year=2017,
    arxiv="1704.00028",
    is_main=True,
    figures=(
        Figure("Figure 1a", "Value surfaces of critics", ("figure 1a", "figure 1"),
               draw=surface_figures, from_study=True),
        Figure("Figure 1b", "Twelve layers", ("figure 1b", "figure 1"),
               draw=depth_figures, from_study=True),
        Figure("Proposition 1", "Slope along coupled lines", ("proposition 1",),
               draw=slope_figures, from_study=True),
        Figure("Section 4", "The gradient penalty", ("section 4", "corollary 1", "algorithm 1"),
               draw=penalty_points_figures, from_study=True),
        Figure("Section 5", "Laws in the plane", ("section 5",), ("law",)),
        Figure("Tables 1 and 2", "Random architectures", ("table 1", "table 2"), WHOLE,
               outcome_tables),
        Figure("Figure 2", "One set of hyperparameters for every architecture", ("figure 2",),
               WHOLE),
        Figure("Figure 3", "Scores over iterations and over time", ("figure 3",), WHOLE,
               score_figures),
        Figure("Figure 5", "A critic that overfits", ("figure 5", "figure 5b", "figure 5a"),
               WHOLE, overfitting_figures),
    ),
)  # fmt: skip
