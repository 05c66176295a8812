"""Laws in the plane: exact W1 along training and where it ends."""

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from wganbench.gather.load import Results
from wganbench.report.blocks import Cell, Figure, Finding, Table, to_svg
from wganbench.report.style import (
    FLOOR,
    MUTED,
    colours,
    drawing,
    in_order,
    markers,
    powers,
)
from wganbench.report.wording import NOTHING, mean_sd, number

PANEL = 3.3  # inches
LEGEND_COLUMNS = 4
SMALLEST = 1e-12  # a logarithmic axis has no 0

_CAPTION = (
    "Generated against held-out samples. Line: mean over seeds; band: smallest to largest seed. "
    "Grey: the floor, exact W1 between two samples of the law, mean ± 2 sd. The methods take "
    "different numbers of critic steps, so the horizontal axis counts both players' gradient "
    "steps: iterations × (critic steps + 1)."
)
_TABLE_CAPTION = (
    "Mean ± standard deviation over the seeds that did not diverge, at the last evaluation point; "
    "the floor's deviation is over pairs of real samples."
)
_MODES_CAPTION = (
    " A mode is covered loosely if at least a fifth of its fair share of samples is nearer to it "
    "than a quarter of the modes' spacing, strictly if one sample is within three of its standard "
    "deviations; the last share counts all samples that are so near to some mode."
)


def distance_figure(results: Results, name: str) -> Figure:
    """Return exact W1 along training, a panel per law, with the floor."""
    table = results.evaluations[results.evaluations["ok"]].dropna(subset=["w1"])
    laws = list(dict.fromkeys(table["data"]))
    colour, marker = colours(table["label"]), markers(table["label"])
    title, findings = "Exact W1 along training", _findings(results)
    with drawing():
        size = (PANEL * max(len(laws), 1) + 0.7, PANEL + 0.4)
        figure, grid = plt.subplots(
            1, max(len(laws), 1), figsize=size, sharey=True, squeeze=False, layout="constrained"
        )
        for axes, law in zip(grid[0], laws, strict=False):
            of_law = table[table["data"] == law]
            _panel(axes, of_law, colour, marker)
            axes.set(title=law, ylabel="exact W1 (the law's unit of length)")
        handles = [
            Line2D([], [], c=colour[label], marker=marker[label], ms=5, label=label)
            for label in in_order(table["label"])
        ]
        handles.append(Line2D([], [], lw=6, c=FLOOR, alpha=0.7, label="floor ± 2 sd"))
        figure.legend(handles=handles, loc="outside upper left", ncols=LEGEND_COLUMNS)
        markup = to_svg(figure, name, title, findings)
    return Figure(name, title, findings, _CAPTION, markup)


def _panel(axes: Axes, table: pd.DataFrame, colour: dict[str, str], marker: dict[str, str]) -> None:
    sns.lineplot(
        table, x="steps", y="w1", hue="label", style="label", palette=colour, markers=marker,
        dashes=False, errorbar=("pi", 100), markersize=5, markeredgewidth=0, legend=False, ax=axes,
    )  # fmt: skip
    floor, sd = table["floor"].mean(), table["floor_sd"].mean()
    low = max(floor - 2 * sd, SMALLEST)
    axes.axhspan(low, floor + 2 * sd, color=FLOOR, alpha=0.45, lw=0)
    axes.axhline(floor, c=MUTED, lw=0.8)
    axes.set(yscale="log", xlabel="gradient steps, critic's and generator's")
    powers(axes.yaxis, low, table["w1"].max())


def _findings(results: Results) -> list[Finding]:
    """Say where each method ends on each law."""
    final = results.final().dropna(subset=["w1"])
    ends: dict[str, dict[str, str]] = {}
    for law, of_law in final.groupby("data", sort=False):
        row = {str(label): mean_sd(of["w1"]) for label, of in of_law.groupby("label")}
        floor = _with_sd(of_law["floor"].mean(), of_law["floor_sd"].mean())
        ends[str(law)] = row | {"floor": floor}
    statement = "Exact W1 at the end, mean ± standard deviation over seeds"
    return [Finding(statement, ends)] if ends else []


def final_table(results: Results, name: str) -> Table:
    """Return the last exact W1 beside its floor, and the modes covered, by law and method."""
    final, facts = results.final(), results.facts
    has_modes = bool(final["modes"].notna().any())
    rows = []
    for law in dict.fromkeys(facts["data"]):
        for label in in_order(facts.loc[facts["data"] == law, "label"]):
            of = final[(final["data"] == law) & (final["label"] == label)]
            coverage = _coverage(of) if has_modes else []
            rows.append(
                [Cell(law), Cell(label), *_distances(of), *coverage, _seeds(results, law, label)]
            )
    columns = ["law", "method", "exact W1", "floor", "times the floor"]
    if has_modes:
        columns += ["modes, loosely", "modes, strictly", "samples within 3σ"]
    caption = _TABLE_CAPTION + (_MODES_CAPTION if has_modes else "")
    return Table(name, "Where training ends", caption, [*columns, "seeds"], rows)


def _distances(final: pd.DataFrame) -> list[Cell]:
    floor, sd = final["floor"].mean(), final["floor_sd"].mean()
    return [
        _numeric(final["w1"]),
        Cell(_with_sd(floor, sd), None if final.empty else floor),
        _numeric(final["w1"] / final["floor"]),
    ]


def _coverage(final: pd.DataFrame) -> list[Cell]:
    modes = final["modes"].dropna()
    of_all = f" of {modes.iloc[0]:.0f}" if len(modes) else ""
    return [
        _numeric(final["modes_loose"], of_all, 2),
        _numeric(final["modes_strict"], of_all, 2),
        _numeric(100 * final["share_strict"], " %", 2),
    ]


def _numeric(values: pd.Series, unit: str = "", digits: int = 3) -> Cell:
    text = mean_sd(values, digits)
    return Cell(text) if text == NOTHING else Cell(text + unit, float(values.mean()))


def _with_sd(mean: float, sd: float) -> str:
    return NOTHING if pd.isna(mean) else f"{number(mean)} ± {number(sd, 2)}"


def _seeds(results: Results, law: str, label: str) -> Cell:
    facts = results.facts
    runs = facts.loc[(facts["data"] == law) & (facts["label"] == label), "run"]
    records = [results.records[run] for run in runs]
    ok, total = sum(len(r.ok_seeds()) for r in records), sum(len(r.seeds) for r in records)
    return Cell(str(total) if ok == total else f"{ok} of {total}; others diverged", ok)
