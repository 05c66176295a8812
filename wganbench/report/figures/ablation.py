"""What the estimate depends on: clip value, penalty weight, the critic's size, sample size."""

from collections.abc import Iterator, Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from wganbench.gather.study import only_varying, ratios, shown, varying
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
    FLOOR,
    INK,
    colours,
    drawing,
    in_order,
    markers,
    ordered_looks,
)
from wganbench.report.style.wording import mean_range, number

WIDTH, HEIGHT = 3.1, 3.0  # inches of a panel
CLIP = "constraint.clip_value"
PENALTY = "constraint.penalty_weight"
BLUE = "#0072B2"  # WGAN's at its own clip value


def clip_figures(ends: pd.DataFrame) -> Iterator[Figure]:
    """Yield a figure per pair for the runs that vary the clip value alone."""
    for pair, table in only_varying(ends, CLIP).groupby("pair", sort=False):
        name, title = f"study-clip-{pair}".replace(" ", "-"), f"How important is c? ({pair})"
        findings = _clip_findings(table)
        with drawing():
            figure, grid = plt.subplots(1, 4, figsize=(4 * 2.85, HEIGHT), layout="constrained")
            _clip_panels(grid, table)
            markup = to_svg(figure, name, title, findings)
        caption = (
            f"{RANGE}Dashed: exact W1 of the same samples; grey band: its floor, mean ± 2 sd. "
            "Dotted line of the gradient norm: 1, which a 1-Lipschitz critic does not exceed. "
            "Seconds: training until the quotient had not risen by 1% for some evaluations; "
            f"hollow: a seed that used its budget up. {hidden(table, ['estimate_heldout'])}"
        )
        yield Figure(name, title, findings, caption, markup, shown(table, CLIP))


def _clip_panels(grid: np.ndarray, table: pd.DataFrame) -> None:
    columns = {
        "estimate_heldout": ("raw estimate", "E f(real) - E f(model)"),
        "gradient_norm_max": ("largest gradient norm", "|∇f| (per unit of length)"),
        "normalised": ("quotient", "estimate / largest norm (length)"),
        "seconds": ("time to the stop", "training seconds per seed"),
    }
    w1, floor, sd = (float(table[name].mean()) for name in ("w1", "floor", "floor_sd"))
    for axes, (column, (title, label)) in zip(grid, columns.items(), strict=True):
        spread(axes, table, CLIP, column, BLUE, "s")
        has_length = column in ("estimate_heldout", "normalised")
        also: list[float] = []
        if has_length:
            axes.axhline(w1, c=INK, ls="--", lw=1)
            axes.axhspan(max(floor - 2 * sd, 1e-12), floor + 2 * sd, color=FLOOR, alpha=0.45, lw=0)
            also = [w1, max(floor - 2 * sd, floor / 2)]
        elif column == "gradient_norm_max":
            axes.axhline(1, c=INK, ls=":", lw=1)
        else:
            spent = table[~table["stopped"].astype(bool)]
            axes.plot(spent[CLIP], spent[column], ls="", marker="o", mfc="none", mec=INK, ms=9)
        logarithmic(axes.yaxis, table[column], *also)
        logarithmic(axes.xaxis, table[CLIP])
        axes.set(title=title, xlabel="clip value c", ylabel=label)


def _clip_findings(table: pd.DataFrame) -> list[Finding]:
    values = {}
    words = {
        "estimate_heldout": "raw estimate",
        "gradient_norm_max": "largest gradient norm",
        "normalised": "quotient",
        "seconds": "seconds to the stop",
    }
    for column, row in words.items():
        values[row] = {f"c={c:g}": mean_range(of[column], 2) for c, of in table.groupby(CLIP)}
    raw = table.groupby(CLIP)["estimate_heldout"].mean()
    positive = raw[raw > 0]
    if len(positive) < 2:
        statement = "Mean (smallest to largest) over seeds by clip value"
    else:
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
        table = rows.assign(
            raw=ratios(rows, "estimate_heldout"), quotient=ratios(rows, "normalised")
        )
        truth = float(table["truth"].mean())
        name = f"study-penalty-{pair}".replace(" ", "-")
        title = f"How heavy must the penalty be? ({pair}, W1 = {number(truth)})"
        findings = _penalty_findings(table, truth)
        with drawing():
            figure = _penalty_panels(table, truth)
            markup = to_svg(figure, name, title, findings)
        floor = (table["floor"] / table["truth"]).mean()
        caption = (
            f"{RANGE}Solid line without marks: 1 + W1/(2 lambda), the overshoot of a critic that "
            "pays lambda (s - 1)^2 for slope s everywhere, in theory for a translation. The floor "
            f"is {number(floor, 2)} of W1, exact W1 of the same samples "
            f"{number(ratios(table, 'w1').mean())} of it. {hidden(table, ['raw', 'quotient'])}"
        )
        yield Figure(name, title, findings, caption, markup, shown(table, PENALTY))


def _penalty_panels(table: pd.DataFrame, truth: float) -> Drawing:
    labels = in_order(table["label"])
    colour, marker = colours(labels), markers(labels)
    figure, grid = plt.subplots(
        1, 2, figsize=(2 * 1.5 * WIDTH, 1.15 * HEIGHT), layout="constrained"
    )
    weights = np.geomspace(table[PENALTY].min() / 1.2, table[PENALTY].max() * 1.2, 200)
    for axes, (column, title) in zip(
        grid, (("raw", "raw estimate"), ("quotient", "normalised estimate")), strict=True
    ):
        target(axes)
        if column == "raw":
            axes.plot(weights, 1 + truth / (2 * weights), c=INK, lw=1)
        for k, label in enumerate(labels):
            of, aside = table[table["label"] == label], 1.05 ** (2 * k - len(labels) + 1)
            spread(axes, of, PENALTY, column, colour[label], marker[label], aside, style="")
        logarithmic(axes.xaxis, table[PENALTY])
        logarithmic(axes.yaxis, table[column], 0.6, 1.7)
        axes.set(title=title, xlabel="penalty weight lambda", ylabel="estimate / W1")
    handles = [
        Line2D([], [], ls="", c=colour[label], marker=marker[label], label=label)
        for label in labels
    ]
    handles.append(Line2D([], [], c=INK, lw=1, label="1 + W1/(2 lambda)"))
    figure.legend(handles=handles + target_handles(), loc="outside upper left", ncols=5)
    return figure


def _penalty_findings(table: pd.DataFrame, truth: float) -> list[Finding]:
    values = {}
    for label in in_order(table["label"]):
        of = table[table["label"] == label]
        by = of.groupby(PENALTY)["raw"]
        values[label] = {f"lambda={w:g}": mean_range(raw) for w, raw in by}
    values["1 + W1/(2 lambda)"] = {
        f"lambda={w:g}": number(1 + truth / (2 * w)) for w in sorted(table[PENALTY].unique())
    }
    return [Finding("Raw estimate over W1, mean (smallest to largest) over seeds", values)]


def capacity_figures(
    ends: pd.DataFrame, changes: Mapping[tuple[str, int], int]
) -> Iterator[Figure]:
    """Yield a figure per pair for the runs that vary the critic's width and depth."""
    rows = varying(ends, "critic.width", "critic.depth")
    for pair, of in rows.groupby("pair", sort=False):
        table = of.assign(
            raw=ratios(of, "estimate_heldout"),
            quotient=ratios(of, "normalised"),
            changes=[changes[run, seed] for run, seed in zip(of["run"], of["seed"], strict=True)],
        )
        name = f"study-capacity-{pair}".replace(" ", "-")
        title = f"How large must a critic be? ({pair})"
        findings = _capacity_findings(table)
        with drawing():
            figure = _capacity_panels(table)
            markup = to_svg(figure, name, title, findings)
        floor = (table["floor"] / table["truth"]).mean()
        caption = (
            f"{RANGE}Depths stand a little aside. Sign changes are those of the held-out estimate "
            f"from one evaluation to the next: below zero a critic is worse than a constant. The "
            f"floor is {number(floor, 2)} of exact W1."
        )
        data = shown(table, "critic.width", "critic.depth", "changes")
        yield Figure(name, title, findings, caption, markup, data)


def _capacity_panels(table: pd.DataFrame) -> Drawing:
    looks = ordered_looks(table["critic.depth"])
    panels = {
        "raw": ("raw estimate", "estimate / exact W1"),
        "quotient": ("normalised estimate", "estimate / exact W1"),
        "changes": ("sign changes along training", "sign changes per seed"),
    }
    figure, grid = plt.subplots(1, 3, figsize=(3 * 1.2 * WIDTH, HEIGHT), layout="constrained")
    for axes, (column, (title, label)) in zip(grid, panels.items(), strict=True):
        if column != "changes":
            target(axes)
            axes.axhline(0, c=INK, lw=0.8)
        for k, (depth, (colour, marker)) in enumerate(looks.items()):
            of = table[table["critic.depth"] == depth].astype({column: float})
            _linear(axes, of, column, colour, marker, 1.06 ** (2 * k - len(looks) + 1))
        placed(axes, table["critic.width"])
        axes.set(title=title, xlabel="width (units per layer)", ylabel=label)
    grid[2].yaxis.set_major_locator(MaxNLocator(integer=True))
    handles = [
        Line2D([], [], c=colour, marker=marker, label=f"depth {depth:g}")
        for depth, (colour, marker) in looks.items()
    ]
    figure.legend(handles=handles + target_handles(), loc="outside upper left", ncols=6)
    return figure


def _linear(
    axes: Axes, table: pd.DataFrame, y: str, colour: str, marker: str, shift: float
) -> None:
    of = table.groupby("critic.width")[y].agg(["mean", "min", "max"])
    bars = np.stack([of["mean"] - of["min"], of["max"] - of["mean"]]).clip(min=0)
    axes.errorbar(
        of.index.to_numpy(dtype=float) * shift, of["mean"], yerr=bars, c=colour, marker=marker,
        ms=6, mec="none", capsize=2.5, lw=1.2,
    )  # fmt: skip


def _capacity_findings(table: pd.DataFrame) -> list[Finding]:
    by = ["critic.depth", "critic.width"]
    over: dict[str, dict[str, str]] = {}
    signs: dict[str, dict[str, str]] = {}
    for (depth, width), of in table.groupby(by):
        over.setdefault(f"depth {depth}", {})[f"width {width}"] = mean_range(of["raw"], 2)
        signs.setdefault(f"depth {depth}", {})[f"width {width}"] = (
            f"{int(of['changes'].sum())} in {len(of)} seeds"
        )
    negative = int((table["estimate_heldout"] < 0).sum())
    return [
        Finding("Raw estimate over exact W1, mean (smallest to largest) over seeds", over),
        Finding(f"Sign changes; {negative} of {len(table)} critics end below zero", signs),
    ]
