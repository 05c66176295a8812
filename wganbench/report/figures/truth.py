"""Estimates as multiples of the truth: by method and dimension, and by method in the plane."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.lines import Line2D

from wganbench.gather.study import ESTIMATORS, EXACT, EXPLAINED, ratios, shown
from wganbench.report.style.axes import (
    RANGE,
    hidden,
    logarithmic,
    placed,
    spread,
    target,
    target_handles,
)
from wganbench.report.style.blocks import Figure, Finding, to_svg
from wganbench.report.style.looks import (
    INK,
    MUTED,
    colours,
    drawing,
    in_order,
    markers,
    ordered_looks,
)
from wganbench.report.style.wording import listed, mean_range, number

CONSTANT = "c-transform of a constant critic"
PANEL = 3.0  # inches
ROW = 0.3  # inches per method
ASIDE = 1.035  # factor by which methods at one dimension stand apart


def truth_figures(ends: pd.DataFrame) -> Iterator[Figure]:
    """Yield the figures for which there are runs."""
    table = _with_ratios(ends)
    known, plane = table[table["known"]], table[~table["known"]]
    if len(known):
        yield _by_dimension(known)
    if len(plane):
        yield _in_the_plane(plane)


def _with_ratios(table: pd.DataFrame) -> pd.DataFrame:
    columns = {
        f"over {name}": ratios(table, name) for name in (*ESTIMATORS, "w1", "floor", "constant")
    }
    return table.assign(**columns)


def _over_truth(table: pd.DataFrame) -> list[Finding]:
    """Return each estimator's multiples of the true W1, by dimension and method."""
    found = []
    for name, words in ESTIMATORS.items():
        values: dict[str, dict[str, str]] = {}
        for dim, of in table.dropna(subset=[f"over {name}"]).groupby("dim"):
            row = {
                label: mean_range(of.loc[of["label"] == label, f"over {name}"])
                for label in in_order(of["label"])
            }
            exact = of["over w1"].drop_duplicates()
            words_of_exact = listed([number(value) for value in exact])
            values[f"D = {dim:g}"] = row | {
                EXACT: words_of_exact,
                "its floor": number(of["over floor"].mean(), 2),
            }
        if values:
            found.append(Finding(f"{words[0].upper()}{words[1:]} estimate over true W1", values))
    return found


def _over_exact(table: pd.DataFrame) -> list[Finding]:
    """Return multiples of exact W1 in the plane, a row per law and method."""
    several = len(set(table["pair"])) > 1
    values: dict[str, dict[str, str]] = {}
    for pair, of_pair in table.groupby("pair", sort=False):
        for label in in_order(of_pair["label"]):
            of = of_pair[of_pair["label"] == label]
            values[f"{pair}, {label}" if several else label] = {
                words: mean_range(of[f"over {name}"]) for name, words in ESTIMATORS.items()
            }
    statement = (
        "Estimate over exact W1 of the same samples, mean (smallest to largest) over seeds; the "
        f"floor is {number(table['over floor'].mean(), 2)} of it"
    )
    return [Finding(statement, values)]


def _by_dimension(table: pd.DataFrame) -> Figure:
    name, title = "study-dimension", "Estimate over the true W1, by method and dimension"
    findings = _over_truth(table)
    labels = in_order(table["label"])
    colour, marker = colours(labels), markers(labels)
    with drawing():
        size = (2 * 1.6 * PANEL + 0.6, 2 * PANEL)
        figure, grid = plt.subplots(2, 2, figsize=size, sharex=True, layout="constrained")
        for axes, (key, words) in zip(grid.flat, ESTIMATORS.items(), strict=True):
            target(axes)
            for k, label in enumerate(labels):
                of, aside = table[table["label"] == label], ASIDE ** (k - len(labels) / 2)
                spread(axes, of, "dim", f"over {key}", colour[label], marker[label], aside)
            spread(axes, table, "dim", "over w1", INK, "x", style=":")
            axes.plot(table["dim"], table["over w1"], ls="", marker="x", c=INK, mew=1.5, ms=7)
            if key == "c_transform":
                spread(axes, table, "dim", "over constant", MUTED, "_", style="-.")
            placed(axes, table["dim"])
            also = [*table["over constant"]] if key == "c_transform" else []
            logarithmic(axes.yaxis, [*table[f"over {key}"], *table["over w1"], *also], 0.8, 1.25)
            axes.set(title=f"{words} estimate", ylabel="estimate / true W1")
        for axes in grid[1]:
            axes.set_xlabel("dimension D")
        handles = [
            Line2D([], [], c=colour[label], marker=marker[label], ms=6, label=label)
            for label in labels
        ]
        handles.append(Line2D([], [], c=INK, ls=":", marker="x", ms=7, label=EXACT))
        handles.append(Line2D([], [], c=MUTED, ls="-.", lw=1.2, marker="_", label=CONSTANT))
        figure.legend(handles=handles + target_handles(), loc="outside upper left", ncols=4)
        markup = to_svg(figure, name, title, findings)
    caption = (
        f"{RANGE}Logarithmic axes, each panel with its own vertical scale; methods stand a little "
        f"aside. {EXPLAINED} Crosses: exact W1 of as many samples, drawn as one more estimator; "
        "it is biased up where its floor is high, and bounds the c-transform and "
        f"the certified estimate, so that these may exceed the true W1 where it does. "
        f"{hidden(table, ESTIMATORS)}"
    )
    return Figure(name, title, findings, caption, markup, shown(table, "constant"))


def _in_the_plane(table: pd.DataFrame) -> Figure:
    name, title = "study-plane", "Estimate over exact W1, by method in the plane"
    findings = _over_exact(table)
    labels, pairs = in_order(table["label"]), list(dict.fromkeys(table["pair"]))
    looks = ordered_looks(range(len(pairs)))
    with drawing():
        size = (4 * 2.6 + 1.8, 1.3 + ROW * len(labels) * max(1, 0.6 * len(pairs)))
        figure, grid = plt.subplots(1, 4, figsize=size, sharey=True, layout="constrained")
        for axes, (key, words) in zip(grid, ESTIMATORS.items(), strict=True):
            column = f"over {key}"
            target(axes, vertical=True)
            for k, pair in enumerate(pairs):
                aside = (k - (len(pairs) - 1) / 2) * 0.6 / len(pairs)
                of = table[(table["pair"] == pair) & (table[column] > 0)]
                places = [labels.index(label) + aside for label in of["label"]]
                axes.plot(of[column], places, ls="", c=looks[k][0], marker=looks[k][1], ms=5)
            axes.axvline(table["over floor"].mean(), c=INK, ls=":", lw=1)
            if key == "c_transform":
                for constant in sorted(set(table["over constant"].dropna())):
                    axes.axvline(constant, c=MUTED, ls="-.", lw=1.2)
            logarithmic(axes.xaxis, [*table[column], *table["over floor"]], 0.8, 1.25)
            axes.set(title=f"{words} estimate", xlabel="estimate / exact W1")
        grid[0].set_yticks(range(len(labels)), labels)
        grid[0].invert_yaxis()
        handles = [
            Line2D([], [], ls="", c=looks[k][0], marker=looks[k][1], label=pair)
            for k, pair in enumerate(pairs)
        ]
        handles.append(Line2D([], [], c=INK, ls=":", lw=1, label="floor / exact W1 (mean)"))
        handles.append(Line2D([], [], c=MUTED, ls="-.", lw=1.2, label=CONSTANT))
        figure.legend(handles=handles + target_handles(), loc="outside upper left", ncols=6)
        markup = to_svg(figure, name, title, findings)
    caption = (
        "Each law in the plane against itself plus Gaussian noise. One mark per seed, so that "
        "their extent is the whole range over seeds; the reference is exact W1 of the same "
        f"samples. {EXPLAINED} {hidden(table, ESTIMATORS)}"
    )
    return Figure(name, title, findings, caption, markup, shown(table, "constant"))
