"""What becomes of a generator's diversity when its critic is frozen, along training."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from wganbench.algorithms.frozen_critic import FrozenCritic
from wganbench.gather.labels import method_label
from wganbench.gather.load import Results
from wganbench.gather.measures import measured
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn, rows_of
from wganbench.report.style.drawable import drawable
from wganbench.report.style.looks import INK, in_order, ordered_looks
from wganbench.report.style.marks import SPREAD, band, entry, logarithmic
from wganbench.report.style.wording import mean_range

TITLE = "Diversity of a generator whose critic is frozen"
WIDTH, HEIGHT = 4.2, 3.3  # inches of a panel
BAR = 0.1
COLUMNS = ["run", "seed", "iteration", "extent", "method", "until"]
_CAPTION = (
    "Extent of the generated samples, the root of their summed variances, over that of real ones; "
    "mean over seeds, band: smallest to largest seed. Colour: the iterations in which the critic "
    "learned; its line is dotted until then. Dashed: a tenth."
)
_STATED = (
    "Extent over that of real samples, mean over seeds (smallest to largest): at the last "
    "evaluation at which the critic learned, and at the end"
)


def frozen_figures(results: Results, name: str) -> Iterator[Figure]:
    """Yield the figure, where a run's critic was frozen."""
    table = _table(drawable(results))
    if len(table):
        yield drawn(name, TITLE, _findings(table), _CAPTION, table, lambda: _drawing(table))


def _table(results: Results) -> pd.DataFrame:
    """Return `run`, `seed`, `iteration`, `extent`, `method` and `until`, where critics froze."""
    frozen = {
        run: (method_label(configuration), configuration.algorithm.critic_iterations)
        for run, configuration in ((r, of.configuration) for r, of in results.runs.items())
        if isinstance(configuration.algorithm, FrozenCritic)
    }
    if not frozen:
        return pd.DataFrame(columns=COLUMNS)
    facts = pd.DataFrame(
        [(run, *known) for run, known in frozen.items()], columns=["run", "method", "until"]
    )
    extents = measured(results, "extent").rename(columns={"value": "extent"})
    return extents.merge(facts, on="run")[COLUMNS]


def _findings(table: pd.DataFrame) -> list[Finding]:
    values = rows_of(
        (f"{method}, {until:,} iterations", words, mean_range(_last(rows, at)["extent"], 2))
        for (method, until), rows in table.groupby(["method", "until"])
        for words, at in (("learning", until), ("at the end", rows["iteration"].max()))
    )
    return [Finding(_STATED, values)]


def _last(rows: pd.DataFrame, iteration: object) -> pd.DataFrame:
    """Return each seed's last evaluation up to an iteration."""
    known = rows.loc[rows["iteration"].le(iteration)].sort_values("iteration")
    return known.groupby("seed", sort=False).tail(1)


def _drawing(table: pd.DataFrame) -> Drawing:
    methods = in_order(table["method"])
    looks = ordered_looks(table["until"])
    size = (WIDTH * len(methods) + 0.6, HEIGHT + 0.6)
    figure, panels = plt.subplots(1, len(methods), figsize=size, squeeze=False, sharey=True)
    for axes, method in zip(panels[0], methods, strict=True):
        for until, (colour, _) in looks.items():
            rows = table[(table["method"] == method) & (table["until"] == until)]
            _line(axes, rows, until, colour)
        axes.axhline(BAR, c=INK, ls="--", lw=1)
        axes.set(title=method, xlabel="generator iteration", xscale="log")
    positive = table.loc[table["extent"] > 0, "extent"]
    logarithmic(panels[0, 0].yaxis, positive, BAR, 1.0)
    panels[0, 0].set_ylabel("extent over that of real samples")
    learned = [entry(f"{until:,}", c=colour) for until, (colour, _) in looks.items()]
    figure.legend(
        handles=learned, title="iterations in which the critic learned", loc="outside upper left",
        ncols=len(learned),
    )  # fmt: skip
    return figure


def _line(axes: Axes, rows: pd.DataFrame, until: float, colour: str) -> None:
    if len(rows):
        values = rows.groupby("iteration")["extent"].agg(SPREAD)
        learning = values[values.index <= until]
        band(axes, values.iloc[max(len(learning) - 1, 0) :], colour)
        band(axes, learning, colour, alpha=0.12, ls=":")
