"""What tuning is worth: the best of k settings chosen at random, against k (Lucic et al. 2018)."""

import textwrap
from collections.abc import Iterator
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from wganbench.gather.labels import nets
from wganbench.gather.load import Results
from wganbench.gather.references import fid_references
from wganbench.gather.tuning import QUALITY, UNLABELLED, compared_of, expected_bests, tried_for
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn
from wganbench.report.style.looks import MUTED, line_looks, lines_of
from wganbench.report.style.marks import SPREAD, band, entry, floor_band, logarithmic, span_handle
from wganbench.report.style.wording import listed, number, setting_words

PANELS_PER_ROW = 3
WIDTH, HEIGHT = 3.3, 2.9  # inches of a panel
TITLE_WIDTH = 42  # characters that a panel is wide
FLOORS = {"law": "floor", "images": "fid_floor", UNLABELLED: "patches_floor"}
REFERENCE = "half_of_classes"
PANELS = ("experiment", "data", "nets")  # a panel for each
_DATA = ("panel", "line", "seed", "k", "expected_best", "run", "setting", "quality")
_CAPTION = (
    "As figure 2 of Lucic et al. 2018: the {quality} at the end that the best of k settings has on "
    "average, over all choices of k from those in the table of tuning; smaller is better. What "
    "one setting gives is at the left, the best of all at the right: a steep line needs its "
    "tuning, and lines that cross rank methods by how much they are tuned. Line: mean over the "
    "tuning seeds ({seeds}), each with the curve of its own qualities; band: smallest to largest. "
    "A line begins where k settings cannot all have diverged, on any seed. {reference}"
)
_FLOOR = "Grey: the floor, mean ± 2 sd. "
_HALF = "Dotted: real images of half of the classes. "


def tuning_figures(part: Results, name: str) -> Iterator[Figure]:
    """Yield a figure for each kind of data on which some of these runs are at a chosen setting."""
    for n, (kind, tried) in enumerate(part.candidates.groupby("kind", sort=False)):
        groups = tried_for(tried, part.runs)
        if not groups:
            continue
        table = _curves(groups, part)
        quality = QUALITY[str(kind)][0]
        levels = _levels(part, str(kind), table)
        caption = _CAPTION.format(
            quality=quality,
            seeds=listed([str(seed) for seed in sorted(set(table["seed"]))]),
            reference=(_FLOOR if levels["floor"].notna().any() else "")
            + (_HALF if levels[REFERENCE].notna().any() else ""),
        )
        yield drawn(
            f"{name}-{n}" if n else name, "What tuning is worth", _findings(table, quality),
            caption, table[list(_DATA)], partial(_drawing, table, levels, quality),
        )  # fmt: skip


def _curves(groups: list[pd.DataFrame], part: Results) -> pd.DataFrame:
    """Return `expected_bests` of each configuration, with its `label`, `line` and `panel`."""
    facts = part.facts.set_index("run")
    parts = []
    for group in groups:
        chosen = compared_of(group)
        found = expected_bests(group)
        words = found["setting"].map(setting_words)
        laid_out = {
            **facts.loc[chosen, [*PANELS[:-1], "label", "line"]],
            "nets": nets(part.runs[chosen]),
        }
        parts.append(found.assign(setting=words, chosen=chosen, **laid_out))
    table = pd.concat(parts, ignore_index=True)
    # A panel is named by what distinguishes it.
    named = [key for key in PANELS if key == "data" or len(set(table[key])) > 1]
    return table.assign(panel=table[named].agg(", ".join, axis="columns"))


def _levels(part: Results, kind: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return each panel's `floor`, `floor_sd` and FID of half of the classes, where known."""
    column = FLOORS.get(kind, "")
    wanted = {"floor": column, "floor_sd": f"{column}_sd"}
    measured = part.evaluations.reindex(columns=["run", *wanted.values()])
    measured = measured.set_axis(["run", *wanted], axis="columns")
    references = fid_references(part)[["run", REFERENCE]]
    panels = table[["panel", "chosen"]].drop_duplicates().rename(columns={"chosen": "run"})
    known = panels.merge(measured, on="run", how="left").merge(references, on="run", how="left")
    return known.groupby("panel")[[*wanted, REFERENCE]].mean()


def _findings(table: pd.DataFrame, quality: str) -> list[Finding]:
    most = int(table["k"].max())
    means = table.groupby(["panel", "line", "k"], sort=False)["expected_best"].mean()
    values: dict[str, dict[str, str]] = {}
    leads: dict[str, dict[str, str]] = {}
    for panel, rows in table.groupby("panel", sort=False):
        lines = lines_of(rows)
        values[str(panel)] = {
            line: f"{_worth(means[panel, line, 1])} and {_worth(means[panel, line, most])}"
            for line in lines
        }
        if len(lines) > 1:
            leads[str(panel)] = {
                f"best of {k}": min(lines, key=lambda line: means[panel, line, k])
                for k in (1, most)
            }
    statement = (
        f"Expected {quality} of one setting chosen at random, and of the best of all {most}, mean "
        "over the tuning seeds"
    )
    return [Finding(statement, values), *([Finding("Ahead", leads)] if leads else [])]


def _worth(value: float) -> str:
    return number(value) if np.isfinite(value) else "∞"


def _drawing(table: pd.DataFrame, levels: pd.DataFrame, quality: str) -> Drawing:
    panels = list(dict.fromkeys(table["panel"]))
    across = min(len(panels), PANELS_PER_ROW)
    down = -(-len(panels) // PANELS_PER_ROW)
    size = (WIDTH * across + 0.7, HEIGHT * down + 0.6)
    figure, grid = plt.subplots(down, across, figsize=size, sharey=True, squeeze=False)
    for axes in grid.flat[len(panels) :]:
        axes.set_visible(False)
    looks = line_looks(table)
    for axes, panel in zip(grid.flat, panels, strict=False):
        _panel(axes, table[table["panel"] == panel], levels.loc[panel], looks)
        axes.set_title(textwrap.fill(panel, TITLE_WIDTH))
    logarithmic(grid[0, 0].yaxis, table["expected_best"], *levels["floor"], *levels[REFERENCE])
    for axes in grid[:, 0]:
        axes.set_ylabel(f"expected best {quality}")
    figure.supxlabel("settings chosen at random, k", fontsize=9)
    entries = [
        entry(line, c=ink, marker=marker, ls=style, ms=5)
        for line, (ink, marker, style) in looks.items()
    ]
    if levels["floor"].notna().any():
        entries.append(span_handle("floor ± 2 sd"))
    if levels[REFERENCE].notna().any():
        entries.append(entry("half of the classes", c=MUTED, ls=":", lw=1))
    figure.legend(handles=entries, loc="outside upper left", ncols=3)
    return figure


def _panel(
    axes: Axes, table: pd.DataFrame, level: pd.Series, looks: dict[str, tuple[str, str, str]]
) -> None:
    for line in lines_of(table):
        ink, marker, style = looks[line]
        values = table[table["line"] == line].groupby("k")["expected_best"].agg(SPREAD)
        finite = values[np.isfinite(values["mean"])]
        band(axes, finite, ink, marker=marker, ls=style, ms=4.5, mew=0)
    floor_band(axes, level["floor"], level["floor_sd"])
    if pd.notna(level[REFERENCE]):
        axes.axhline(level[REFERENCE], c=MUTED, ls=":", lw=1)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
