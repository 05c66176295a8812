"""Methods that were tuned alike, over all tasks: the figures of Agarwal et al. 2021."""

from functools import partial

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from wganbench.gather.aggregates import Estimate, profile
from wganbench.report.fields import EVEN, NAMES, Field
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn
from wganbench.report.style.looks import INK, line_looks, looks
from wganbench.report.style.marks import entry, logarithmic
from wganbench.report.style.wording import count, with_interval

WIDTH, ROW, LEAST = 11.5, 0.24, 2.9  # inches: of the figure, of a row, of the smallest height
MOST_PROFILES = 5  # of more lines no reader would tell the bands apart
STYLES = 4  # of lines of one colour
LEVELS = 200  # at which a profile is drawn
_CAPTION = (
    "Left: {measure} at the end over its floor, geometric interquartile mean over tasks and "
    "seeds ({seeds}). Middle: the probability that {pairs}; dashed: neither leads. Right: the "
    "share of runs that end at most so many floors away, higher is better (performance "
    "profile{some}). Bars and bands: 95% intervals, those of the profile for each point alone; "
    "beyond .9 a probability's covers in 88% of cases or more. A replica that diverged is "
    "infinitely far. Definitions: Agarwal et al. 2021, and docs/methods.md."
)
_ALL_PAIRS = "a run of the first method ends nearer than one of the second"
_FIRST_PAIRED = "a run of the method in the first row ends nearer than one of the method in this"
_DATA = ["run", "seed", "experiment", "method", "task", "score"]
Look = tuple[str, str, str]


def ranking_figure(field: Field, name: str) -> Figure:
    """Return the aggregates, the performance profiles and the pairs of a field."""
    seeds = field.scores.groupby(["method", "task"]).size()
    low, high = int(seeds.min()), int(seeds.max())
    each = count(high, "seed") if low == high else f"{low} to {high} seeds"
    caption = _CAPTION.format(
        measure=NAMES[field.measure],
        seeds=f"{count(len(field.tasks), 'task')}, {each} each",
        pairs=_ALL_PAIRS if field.has_all_pairs else _FIRST_PAIRED,
        some="" if len(field.standings) <= MOST_PROFILES else f", of the first {MOST_PROFILES}",
    )
    title = f"{NAMES[field.measure]} over its floor"
    draw = partial(_drawing, field)
    return drawn(name, title, _findings(field), caption, field.scores[_DATA], draw)


def _findings(field: Field) -> list[Finding]:
    means = {method: {"floors": with_interval(*mean)} for method, mean in field.standings.items()}
    first = "" if field.has_all_pairs else f": {next(iter(field.standings))}"
    nearer = {
        f"{pair.ahead} before {pair.other}" if field.has_all_pairs else f"before {pair.other}": {
            "probability": with_interval(*pair.overall, 2),
            "finding": pair.finding,
        }
        for pair in field.pairs
    }
    return [
        Finding("Interquartile mean, with its 95% interval", means),
        Finding(f"Probability of ending nearer to the data{first}", nearer),
    ]


def _drawing(field: Field) -> Drawing:
    known = _looks(field)
    height = max(LEAST, ROW * max(len(known), len(field.pairs)) + 1)
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(WIDTH, height))
    _means(left, field, known)
    _pairs(middle, field)
    shown = {method: known[method] for method in list(known)[:MOST_PROFILES]}
    _profiles(right, field, shown)
    figure.legend(
        handles=[_entry(method, look) for method, look in shown.items()],
        loc="outside upper left", ncols=4 if field.has_all_pairs else 2,
    )  # fmt: skip
    return figure


def _looks(field: Field) -> dict[str, Look]:
    """Return each method's colour, marker and line style, the smallest mean first.

    Variants of a method have its colour, where line styles tell them apart.
    """
    table = field.scores.assign(line=field.scores["method"])
    table = table.assign(label=table["line"].str.partition(", ")[0])
    if table.groupby("label")["line"].nunique().max() <= STYLES:
        known = line_looks(table)
    else:
        known = {method: (*look, "-") for method, look in looks(field.standings).items()}
    return {method: known[method] for method in field.standings}


def _entry(method: str, look: Look) -> Line2D:
    ink, marker, style = look
    return entry(method, c=ink, marker=marker, ls=style, ms=5)


def _means(axes: Axes, field: Field, known: dict[str, Look]) -> None:
    finite = [x for mean in field.standings.values() for x in mean if np.isfinite(x)]
    logarithmic(axes.xaxis, finite)
    edge = axes.get_xlim()[1]
    for row, (method, mean) in enumerate(field.standings.items()):
        ink, marker, _ = known[method]
        _bar(axes, row, Estimate(*np.minimum(mean, edge)), c=ink, marker=marker)
    axes.set(xlabel="times the floor", title="interquartile mean")
    _rows(axes, list(field.standings))


def _pairs(axes: Axes, field: Field) -> None:
    for row, pair in enumerate(field.pairs, start=0 if field.has_all_pairs else 1):
        _bar(axes, row, pair.overall, c=INK, marker="o")
    axes.axvline(EVEN, c=INK, lw=1, ls="--", zorder=1)
    axes.set(xlim=(-0.03, 1.03), xlabel="probability", title="nearer to the data")
    if field.has_all_pairs:
        _rows(axes, [f"{pair.ahead}\nbefore {pair.other}" for pair in field.pairs])
    else:
        _rows(axes, [""] * len(field.standings))


def _profiles(axes: Axes, field: Field, shown: dict[str, Look]) -> None:
    scores = field.scores.loc[field.scores["method"].isin(shown), "score"]
    logarithmic(axes.xaxis, scores)
    levels = np.geomspace(*axes.get_xlim(), LEVELS)
    for method, (ink, _, style) in shown.items():
        share, low, high = profile(field.strata(method), np.log(levels)).T
        axes.fill_between(levels, low, high, color=ink, alpha=0.15, lw=0, step="post")
        axes.step(levels, share, where="post", c=ink, ls=style)
    axes.set(xlabel="at most so many times the floor", ylabel="share of runs", ylim=(-0.02, 1.02))
    axes.set_title("performance profile")


def _bar(axes: Axes, row: int, estimate: Estimate, c: str, marker: str) -> None:
    reach = [[estimate.value - estimate.low], [estimate.high - estimate.value]]
    axes.errorbar(
        estimate.value, row, xerr=reach, c=c, marker=marker, ms=6, mec="none", capsize=2.5
    )


def _rows(axes: Axes, names: list[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
