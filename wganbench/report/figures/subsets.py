"""Every subset of WGAN's changes over the GAN: how near each comes, and what each change does."""

from collections.abc import Iterator
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from wganbench.claims.judging.changes import CHANGES, subset, subsets_of
from wganbench.gather.load import Results
from wganbench.gather.selection import chosen
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn
from wganbench.report.style.looks import GRID, INK, MUTED, in_order, looks
from wganbench.report.style.marks import SPREAD, logarithmic
from wganbench.report.style.wording import listed, mean_sd, number

LEAST = 8  # subsets: of fewer no change has four pairs that differ in it alone
ENDS = {frozenset[str](): "GAN", frozenset(CHANGES): "WGAN"}
WIDTHS = (1.5, 3.0, 1.4, 3.2)  # inches of the panels
ROW = 0.24  # inches
_DATA = ("run", "subset", *CHANGES, "seed", "w1", "floor", "over_floor", "modes_loose")
_CAPTION = (
    "Left: a row for each subset of WGAN's changes, nearest to the data first; a full dot is a "
    "change that is made. Beside it exact W1 over its floor, which is 1, and the modes that get a "
    "fifth of their fair share, mean and smallest to largest seed. Right: what each change does, "
    "W1 with it over W1 without, a point for each choice of the others (geometric mean over "
    "seeds); the bar is the geometric mean of the points, and left of 1 the change helps. All are "
    "tuned alike, by learning rate, and take as many gradient steps."
)


def subset_figures(results: Results, name: str) -> Iterator[Figure]:
    """Yield a figure for each law on which enough subsets were trained."""
    table = _table(results)
    for law, rows in table.groupby("data", sort=False):
        if rows["subset"].nunique() >= LEAST:
            yield drawn(
                f"{name}-{law}", f"Which of WGAN's changes matters? ({law})", _findings(rows),
                _CAPTION, rows[list(_DATA)], partial(_drawing, rows),
            )  # fmt: skip


def _table(results: Results) -> pd.DataFrame:
    """Return the last evaluations of runs that are a subset, with a flag for each change."""
    final = results.final().dropna(subset=["w1"])
    parts = [final.iloc[:0]]
    for names in subsets_of(CHANGES):
        runs = chosen(results.settings, subset(names))["run"] if len(final) else ()
        flags = {change: change in names for change in CHANGES}
        parts.append(final[final["run"].isin(runs)].assign(subset=_words(names), **flags))
    table = pd.concat(parts)
    return table.assign(over_floor=table["w1"] / table["floor"])


def _words(names: frozenset[str]) -> str:
    return ENDS.get(names) or f"GAN with {listed([name for name in CHANGES if name in names])}"


def effects(table: pd.DataFrame) -> pd.DataFrame:
    """Return `change` and `ratio` of W1 with it over W1 without, for each choice of the others."""
    logs = table.assign(log=np.log(table["w1"]))
    found = []
    for change in CHANGES:
        others = [name for name in CHANGES if name != change]
        wide = logs.pivot_table(index=others, columns=change, values="log")  # mean over seeds
        if {True, False} <= set(wide):
            ratios = np.exp((wide[True] - wide[False]).dropna())
            found += [{"change": change, "ratio": ratio} for ratio in ratios]
    return pd.DataFrame(found, columns=["change", "ratio"])


def _findings(table: pd.DataFrame) -> list[Finding]:
    means = table.groupby("subset", sort=False)["over_floor"].mean().sort_values()
    ends = {
        str(name): {
            "W1 over its floor": mean_sd(rows["over_floor"]),
            "modes": mean_sd(rows["modes_loose"], 2),
        }
        for name, rows in table.groupby("subset", sort=False)
        if name in (*ENDS.values(), means.index[0], means.index[-1])
    }
    of_changes = {
        str(change): {"mean": number(_mean(ratios)), "smallest": number(ratios.min()),
                      "largest": number(ratios.max())}
        for change, ratios in effects(table).groupby("change", sort=False)["ratio"]
    }  # fmt: skip
    first = Finding("W1 with a change over W1 without, over choices of the others", of_changes)
    second = Finding("GAN, WGAN, and the subsets nearest to the data and farthest from it", ends)
    return [first, second]


def _mean(ratios: pd.Series) -> float:
    return float(np.exp(np.log(ratios).mean()))


def _drawing(table: pd.DataFrame) -> Drawing:
    means = table.groupby("subset", sort=False)["over_floor"].mean().sort_values()
    rows = {name: place for place, name in enumerate(means.index)}
    placed = table.assign(place=table["subset"].map(rows))
    size = (sum(WIDTHS), ROW * len(rows) + 1.1)
    figure, (made, distance, modes, what) = plt.subplots(
        1, len(WIDTHS), figsize=size, width_ratios=WIDTHS
    )
    _matrix(made, placed)
    colour = looks(in_order(ENDS.values()))
    for axes, column in ((distance, "over_floor"), (modes, "modes_loose")):
        for name, rows_of in placed.groupby("subset", sort=False):
            ink, marker = colour.get(str(name), (MUTED, "o"))
            _spread(axes, rows_of, column, ink, marker)
        axes.set_yticks(range(len(rows)), [])
        axes.set_ylim(len(rows) - 0.5, -0.5)
    logarithmic(distance.xaxis, placed["over_floor"], 1.0)
    distance.axvline(1, c=MUTED, lw=0.8)
    distance.set(title="exact W1 over its floor", xlabel="times the floor")
    modes.set(title="modes", xlabel="covered", xlim=(-0.3, placed["modes"].max() + 0.3))
    _effects(what, effects(table))
    return figure


def _matrix(axes: Axes, table: pd.DataFrame) -> None:
    flags = table.groupby("place")[list(CHANGES)].first()
    for column, change in enumerate(CHANGES):
        is_made = flags[change].astype(bool)
        for kept, ink in ((is_made, INK), (~is_made, GRID)):
            places = flags.index[kept]
            axes.scatter([column] * len(places), places, s=34, c=ink, lw=0)
    names = table.groupby("place")["subset"].first()
    labels = [name if name in ENDS.values() else "" for name in names]
    axes.set_yticks(range(len(labels)), labels)
    axes.set_xticks(range(len(CHANGES)), list(CHANGES), rotation=40, ha="right")
    axes.set(xlim=(-0.5, len(CHANGES) - 0.5), ylim=(len(labels) - 0.5, -0.5), title="made")
    axes.grid(visible=False)


def _spread(axes: Axes, rows: pd.DataFrame, column: str, ink: str, marker: str) -> None:
    mean, low, high = rows[column].agg(SPREAD)
    place = rows["place"].iloc[0]
    axes.plot([low, high], [place, place], c=ink, lw=1.4)
    axes.plot([mean], [place], c=ink, marker=marker, ms=6, mec="none")


def _effects(axes: Axes, table: pd.DataFrame) -> None:
    for place, (_, ratios) in enumerate(table.groupby("change", sort=False)["ratio"]):
        aside = place + np.linspace(-0.18, 0.18, len(ratios))
        axes.scatter(ratios, aside, s=20, c=MUTED, alpha=0.7, lw=0)
        mean = _mean(ratios)
        axes.plot([mean, mean], [place - 0.32, place + 0.32], c=INK, lw=2.2)
    names = list(dict.fromkeys(table["change"]))
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    logarithmic(axes.xaxis, table["ratio"], 1.0)
    axes.axvline(1, c=INK, lw=1, ls="--")
    axes.set(title="what each change does", xlabel="W1 with over without: below 1 it helps")
