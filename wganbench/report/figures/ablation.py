"""What the estimate depends on: clip value, penalty's weight, critic's size, number of samples."""

from collections.abc import Iterator, Mapping
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from wganbench.gather.study import EXACT, only_varying, ratios, shown, varying
from wganbench.report.style import marks
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn, worded
from wganbench.report.style.looks import FLOOR, INK, by_label, looks, ordered_looks
from wganbench.report.style.wording import number

WIDTH, HEIGHT = 3.1, 3.0  # inches of a panel
CLIP = "constraint.clip_value"
PENALTY = "constraint.penalty_weight"
BLUE = "#0072B2"  # WGAN's at its own clip value
# Column, title of its panel, row of the finding, axis.
_CLIP_PANELS = (
    ("estimate_heldout", "raw estimate", "raw estimate", "E f(real) - E f(model)"),
    ("gradient_norm_max", *["largest gradient norm"] * 2, "|∇f| (per unit of length)"),
    ("normalised", "quotient", "quotient", "estimate / largest norm (length)"),
    ("seconds", "time to the stop", "seconds to the stop", "training seconds per seed"),
)
_CLIP_CAPTION = (
    f"{marks.RANGE}Dashed: exact W1 of the same samples; grey band: its floor, mean ± 2 sd. "
    "Dotted line of the gradient norm: 1, which a 1-Lipschitz critic does not exceed. "
    "Seconds: training until the quotient had not risen by 1% for some evaluations; "
    "hollow: a seed that used its budget up. "
)
SAMPLES = "train_samples"
SIZE_COLUMNS = {
    "w1_fresh": EXACT,
    "estimate_heldout": "critic, raw",
    "normalised": "critic, normalised",
}


def clip_figures(ends: pd.DataFrame) -> Iterator[Figure]:
    """Yield a figure per pair for the runs that vary the clip value alone."""
    for pair, table in only_varying(ends, CLIP).groupby("pair", sort=False):
        yield drawn(
            _name("clip", pair), f"How important is c? ({pair})", _clip_findings(table),
            _CLIP_CAPTION + marks.hidden(table, ["estimate_heldout"]), shown(table, CLIP),
            partial(_clip_drawing, table),
        )  # fmt: skip


def _name(ablation: str, pair: object) -> str:
    return f"study-{ablation}-{pair}".replace(" ", "-")


def _clip_drawing(table: pd.DataFrame) -> Drawing:
    figure, grid = plt.subplots(1, 4, figsize=(4 * 2.85, HEIGHT))
    w1, floor, sd = (float(table[name].mean()) for name in ("w1", "floor", "floor_sd"))
    for axes, (column, title, _, label) in zip(grid, _CLIP_PANELS, strict=True):
        marks.positive_bars(axes, table, CLIP, column, c=BLUE, marker="s")
        also: list[float] = []
        if column in ("estimate_heldout", "normalised"):
            axes.axhline(w1, c=INK, ls="--", lw=1)
            axes.axhspan(max(floor - 2 * sd, 1e-12), floor + 2 * sd, color=FLOOR, alpha=0.45, lw=0)
            also = [w1, max(floor - 2 * sd, floor / 2)]
        elif column == "gradient_norm_max":
            axes.axhline(1, c=INK, ls=":", lw=1)
        else:
            spent = table[~table["stopped"].astype(bool)]
            axes.plot(spent[CLIP], spent[column], ls="", marker="o", mfc="none", mec=INK, ms=9)
        marks.logarithmic(axes.yaxis, table[column], *also)
        marks.logarithmic(axes.xaxis, table[CLIP])
        axes.set(title=title, xlabel="clip value c", ylabel=label)
    return figure


def _clip_findings(table: pd.DataFrame) -> list[Finding]:
    values = {
        row: worded(table, CLIP, column, 2, heading="c={:g}") for column, _, row, _ in _CLIP_PANELS
    }
    raw = table.groupby(CLIP)["estimate_heldout"].mean()
    positive = raw[raw > 0]
    if len(positive) < 2:
        return [Finding("Mean (smallest to largest) over seeds by clip value", values)]
    quotients = table.loc[table[CLIP].isin(positive.index), "normalised"]
    decades = np.log10(positive.max() / positive.min())
    statement = (
        f"The raw estimate spans {decades:.0f} decades from c={positive.index[0]:g} to "
        f"c={positive.index[-1]:g}, the quotient "
        f"{number(quotients.min(), 2)} to {number(quotients.max(), 2)}, "
        f"where exact W1 is {number(table['w1'].mean())} and its floor "
        f"{number(table['floor'].mean(), 2)} ± {number(table['floor_sd'].mean(), 2)}; "
        "mean (smallest to largest) over seeds"
    )
    return [Finding(statement, values)]


def penalty_figures(ends: pd.DataFrame) -> Iterator[Figure]:
    """Yield a figure per pair for the runs that vary the penalty's weight alone."""
    for pair, rows in only_varying(ends, PENALTY).groupby("pair", sort=False):
        table = _over_reference(rows)
        truth = float(table["truth"].mean())
        caption = (
            f"{marks.RANGE}Solid line without marks: 1 + W1/(2 lambda), the overshoot of a critic "
            "that pays lambda (s - 1)^2 for slope s everywhere, in theory for a translation. The "
            f"floor is {_mean_floor(table)} of W1, exact W1 of the same "
            f"samples {number(ratios(table, 'w1').mean())} of it. "
            f"{marks.hidden(table, ['raw', 'quotient'])}"
        )
        yield drawn(
            _name("penalty", pair),
            f"How heavy must the penalty be? ({pair}, W1 = {number(truth)})",
            _penalty_findings(table, truth), caption, shown(table, PENALTY),
            partial(_penalty_drawing, table, truth),
        )  # fmt: skip


def _over_reference(rows: pd.DataFrame) -> pd.DataFrame:
    raw, quotient = ratios(rows, "estimate_heldout"), ratios(rows, "normalised")
    return rows.assign(raw=raw, quotient=quotient)


def _mean_floor(table: pd.DataFrame) -> str:
    return number((table["floor"] / table["truth"]).mean(), 2)


def _penalty_drawing(table: pd.DataFrame, truth: float) -> Drawing:
    known = looks(table["label"])
    size = (2 * 1.5 * WIDTH, 1.15 * HEIGHT)
    figure, grid = plt.subplots(1, 2, figsize=size)
    weights = np.geomspace(table[PENALTY].min() / 1.2, table[PENALTY].max() * 1.2, 200)
    grid[0].plot(weights, 1 + truth / (2 * weights), c=INK, lw=1)
    panels = (("raw", "raw estimate"), ("quotient", "normalised estimate"))
    for axes, (column, title) in zip(grid, panels, strict=True):
        marks.target(axes)
        marks.bars_by(axes, table, PENALTY, column, "label", known, 1.05**2, ls="")
        marks.logarithmic(axes.xaxis, table[PENALTY])
        marks.logarithmic(axes.yaxis, table[column], 0.6, 1.7)
        axes.set(title=title, xlabel="penalty weight lambda", ylabel="estimate / W1")
    entries = marks.handles(known, ls="")
    entries.append(marks.entry(c=INK, lw=1, label="1 + W1/(2 lambda)"))
    figure.legend(handles=entries + marks.target_handles(), loc="outside upper left", ncols=5)
    return figure


def _penalty_findings(table: pd.DataFrame, truth: float) -> list[Finding]:
    values = {
        label: worded(rows, PENALTY, "raw", heading="lambda={:g}")
        for label, rows in by_label(table)
    }
    values["1 + W1/(2 lambda)"] = {
        f"lambda={w:g}": number(1 + truth / (2 * w)) for w in sorted(table[PENALTY].unique())
    }
    return [Finding("Raw estimate over W1, mean (smallest to largest) over seeds", values)]


def capacity_figures(
    ends: pd.DataFrame, changes: Mapping[tuple[str, int], int]
) -> Iterator[Figure]:
    """Yield a figure per pair for the runs that vary the critic's width and depth.

    Args:
        ends: a row per run and seed.
        changes: how often a seed's estimate changes sign, by run and seed.
    """
    for pair, rows in varying(ends, "critic.width", "critic.depth").groupby("pair", sort=False):
        keys = zip(rows["run"], rows["seed"], strict=True)
        table = _over_reference(rows).assign(changes=[changes[key] for key in keys])
        caption = (
            f"{marks.RANGE}Depths stand a little aside. Sign changes are those of the held-out "
            "estimate from one evaluation to the next: below zero a critic is worse than a "
            f"constant. The floor is {_mean_floor(table)} of exact W1."
        )
        data = shown(table, "critic.width", "critic.depth", "changes")
        yield drawn(
            _name("capacity", pair), f"How large must a critic be? ({pair})",
            _capacity_findings(table), caption, data,
            partial(_capacity_drawing, table),
        )  # fmt: skip


def _capacity_drawing(table: pd.DataFrame) -> Drawing:
    by_depth = ordered_looks(table["critic.depth"])
    panels = {
        "raw": ("raw estimate", "estimate / exact W1"),
        "quotient": ("normalised estimate", "estimate / exact W1"),
        "changes": ("sign changes along training", "sign changes per seed"),
    }
    figure, grid = plt.subplots(1, 3, figsize=(3 * 1.2 * WIDTH, HEIGHT))
    for axes, (column, (title, label)) in zip(grid, panels.items(), strict=True):
        if column != "changes":
            marks.target(axes)
            axes.axhline(0, c=INK, lw=0.8)
        marks.bars_by(
            axes, table, "critic.width", column, "critic.depth", by_depth, 1.06**2, marks.bars
        )
        marks.placed(axes, table["critic.width"])
        axes.set(title=title, xlabel="width (units per layer)", ylabel=label)
    grid[2].yaxis.set_major_locator(MaxNLocator(integer=True))
    entries = marks.handles({f"depth {depth:g}": look for depth, look in by_depth.items()})
    figure.legend(handles=entries + marks.target_handles(), loc="outside upper left", ncols=6)
    return figure


def _capacity_findings(table: pd.DataFrame) -> list[Finding]:
    over: dict[str, dict[str, str]] = {}
    signs: dict[str, dict[str, str]] = {}
    for depth, rows in table.groupby("critic.depth"):
        over[f"depth {depth}"] = worded(rows, "critic.width", "raw", 2, heading="width {}")
        signs[f"depth {depth}"] = {
            f"width {width}": f"{int(seeds.sum())} in {len(seeds)} seeds"
            for width, seeds in rows.groupby("critic.width")["changes"]
        }
    negative = int((table["estimate_heldout"] < 0).sum())
    return [
        Finding("Raw estimate over exact W1, mean (smallest to largest) over seeds", over),
        Finding(f"Sign changes; {negative} of {len(table)} critics end below zero", signs),
    ]


def sample_size_figures(ends: pd.DataFrame) -> Iterator[Figure]:
    """Yield the figure of the runs that vary the number of training samples alone."""
    rows = only_varying(ends, SAMPLES)
    table = rows[rows["known"]]
    if table.empty:
        return
    table = table.assign(
        **{f"over {c}": ratios(table, c) for c in (*SIZE_COLUMNS, "w1_fresh_sd", "floor")}
    )
    methods = ", ".join(dict.fromkeys(table["label"]))
    caption = (
        f"{marks.RANGE}The critic ({methods}) saw n training samples of each law, the same for "
        "every seed, and its estimate is taken on n held-out ones: the seeds' spread leaves the "
        "samples' chance out. Exact W1 is the mean over fresh samples, its bar their standard "
        "deviation. Dotted, without marks: the floor, exact W1 between two samples of n of one "
        f"law. {marks.hidden(table, SIZE_COLUMNS)}"
    )
    data = shown(table, SAMPLES, "w1_fresh", "w1_fresh_sd")
    yield drawn(
        "study-samples", "How many samples?", list(_size_findings(table)), caption, data,
        lambda: _size_drawing(table),
    )  # fmt: skip


def _size_drawing(table: pd.DataFrame) -> Drawing:
    by_dim = ordered_looks(table["dim"])
    figure, grid = plt.subplots(1, 3, figsize=(11.2, 3.3), sharey=True)
    for axes, (column, words) in zip(grid, SIZE_COLUMNS.items(), strict=True):
        marks.target(axes)
        if column == "w1_fresh":
            for dim, (colour, marker) in by_dim.items():
                _exact(axes, table[table["dim"] == dim], colour, marker)
        else:
            marks.bars_by(axes, table, SAMPLES, f"over {column}", "dim", by_dim)
        marks.placed(axes, table[SAMPLES])
        axes.set(title=words, xlabel="samples n of each law")
    values = [value for column in (*SIZE_COLUMNS, "floor") for value in table[f"over {column}"]]
    marks.logarithmic(grid[0].yaxis, values)
    grid[0].set_ylabel("estimate / true W1")
    entries = marks.handles({f"D = {dim:g}": look for dim, look in by_dim.items()})
    entries.append(marks.entry(c=INK, ls=":", lw=1.2, label="floor / true W1"))
    figure.legend(handles=entries + marks.target_handles(), loc="outside upper left", ncols=7)
    return figure


def _exact(axes: Axes, rows: pd.DataFrame, colour: str, marker: str) -> None:
    """Draw exact W1 of fresh samples with its standard deviation, and its floor."""
    means = rows.groupby(SAMPLES)[["over w1_fresh", "over w1_fresh_sd", "over floor"]].mean()
    sd = means["over w1_fresh_sd"]
    axes.errorbar(means.index, means["over w1_fresh"], sd, c=colour, marker=marker)
    axes.plot(means.index, means["over floor"], c=colour, ls=":", lw=1.2)


def _size_findings(table: pd.DataFrame) -> Iterator[Finding]:
    values: dict[str, dict[str, str]] = {}
    for dim, rows in table.groupby("dim"):
        for column in ("estimate_heldout", "normalised"):
            values[f"D = {dim:g}, {SIZE_COLUMNS[column]}"] = worded(
                rows, SAMPLES, f"over {column}", heading="n = {:,}"
            )
        means = rows.groupby(SAMPLES)[["over w1_fresh", "over w1_fresh_sd", "over floor"]].mean()
        values[f"D = {dim:g}, {EXACT}, ± sd over fresh samples"] = {
            f"n = {n:,}": f"{number(mean)} ± {number(sd)}"
            for n, mean, sd in zip(means.index, *(means[c] for c in list(means)[:2]), strict=True)
        }
        values[f"D = {dim:g}, floor"] = {
            f"n = {n:,}": number(floor) for n, floor in means["over floor"].items()
        }
    yield Finding("Multiples of the true W1, mean (smallest to largest) over seeds", values)
