"""[Lucic] Lucic et al. 2018: what tuning alike does to comparisons of methods."""

from wganbench.papers import Figure, Paper

PAPER = Paper(
    tag="Lucic",
    title="Are GANs Created Equal? A Large-Scale Study",
    short="Created equal?",
    authors="Lucic et al.",
    year=2018,
    arxiv="1711.10337",
    figures=(
        Figure("Figure 2", "The best of k settings, and whether one method is it everywhere",
               ("figure 2", "section 1"), ("law",)),
    ),
)  # fmt: skip
