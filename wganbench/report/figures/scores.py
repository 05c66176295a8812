"""[GP] figure 3: scores over generator iterations and over training seconds."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import partial
from math import comb

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from wganbench.gather.load import Results
from wganbench.gather.statistics import first_reached
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn
from wganbench.report.style.drawable import drawable
from wganbench.report.style.looks import line_looks, lines_of
from wganbench.report.style.marks import entry, floor_band, logarithmic, span_handle
from wganbench.report.style.wording import NOTHING, mean_sd, number

PANEL_WIDTH, PANEL_HEIGHT = 4.4, 2.6  # inches
SCORES = {"isc": "Inception score", "fid": "FID"}
CLIPPED = "clip"  # the constraint whose best the others are timed to, as [GP] does
AXES = {"iteration": "generator iterations", "seconds": "training seconds, all seeds together"}
_DATA = (
    *("run", "line", "seed", "iteration", "seconds", "extractor", "isc", "isc_floor"),
    *("isc_floor_sd", "fid", "fid_floor", "fid_floor_sd"),
)
_CAPTION = (
    "Line: mean over seeds; band: smallest to largest seed. Grey: what as many training images "
    "get in the generated ones' place, mean ± 2 sd: the floor of FID, and what an Inception score "
    "can reach. Scores between evaluation points, in the table, are interpolated linearly. "
)
_TIMED = (
    "Seconds are those of training steps alone, without evaluation, of all of a run's seeds "
    "together, which train at once; every run on the same hardware with as many threads and seeds."
)
_UNTIMED = (
    "No panel over time: the runs were not all trained on the same hardware with as many threads "
    "and seeds, so that their seconds do not compare."
)


def score_figures(results: Results, name: str) -> Iterator[Figure]:
    """Yield a figure for each feature space: numbers of two are never compared."""
    results = drawable(results.where(kind="images"))
    horizontal = list(AXES) if same_conditions(results) else ["iteration"]
    caption = _CAPTION + (_TIMED if "seconds" in horizontal else _UNTIMED)
    for k, (extractor, table) in enumerate(timed(results).groupby("extractor", sort=False)):
        yield drawn(
            f"{name}-{k}" if k else name,
            f"Scores over iterations and over time, in the space of {extractor}",
            [*_findings(table, horizontal), *_speeds(table, results, horizontal)], caption,
            table[list(_DATA)],
            partial(_drawing, table, horizontal),
        )  # fmt: skip


def _drawing(table: pd.DataFrame, horizontal: Sequence[str]) -> Drawing:
    size = (PANEL_WIDTH * len(horizontal), PANEL_HEIGHT * len(SCORES) + 0.5)
    figure, grid = plt.subplots(
        len(SCORES), len(horizontal), sharey="row", sharex="col", squeeze=False, figsize=size
    )
    for row, score in zip(grid, SCORES, strict=True):
        for axes, x in zip(row, horizontal, strict=True):
            _panel(axes, table, x, score)
    entries = [
        entry(line, c=ink, marker=marker, ls=style, ms=5)
        for line, (ink, marker, style) in line_looks(table).items()
    ]
    entries.append(span_handle("real images ± 2 sd"))
    figure.legend(handles=entries, loc="outside upper left", ncols=3)
    return figure


def timed(results: Results) -> pd.DataFrame:
    """Return the evaluations with scores, with a column `seconds`, of training so far."""
    table = results.evaluations
    points = table.groupby("run")["iteration"].rank("dense").astype(int) - 1
    spent = {run: dict(enumerate(r.timings.at_evaluations)) for run, r in results.records.items()}
    # A run goes on to its next point after its last seed has diverged.
    keys = zip(table["run"], points, strict=True)
    table = table.assign(seconds=[spent[run].get(point, np.nan) for run, point in keys])
    return table[table["ok"]].dropna(subset=["fid"])


def same_conditions(results: Results) -> bool:
    """Return whether all runs' seconds compare: same hardware, threads and number of seeds."""
    conditions = {
        (r.provenance.device, r.provenance.device_name, r.provenance.threads, len(r.seeds))
        for r in results.records.values()
    }
    return len(conditions) == 1


def score_at(table: pd.DataFrame, axis: str, at: float, score: str) -> dict[str, list[float]]:
    """Return each line's score at a point, a value per seed; none before its first evaluation."""
    values: dict[str, list[float]] = {line: [] for line in lines_of(table)}
    for (line, _, _), history in table.groupby(["line", "run", "seed"], sort=False):
        known = history.sort_values(axis)
        found = np.interp(at, known[axis], known[score], left=np.nan, right=np.nan)
        values[str(line)] += [float(found)] if np.isfinite(found) else []
    return values


def ahead(values: Mapping[str, Sequence[float]], largest: bool) -> str:
    """Return which line leads the next one, and whether by more than the seeds' spread."""
    known = {line: seeds for line, seeds in values.items() if seeds}
    if len(known) < 2:
        return "fewer than two methods have one"
    first, second = sorted(known, key=lambda line: float(np.mean(known[line])), reverse=largest)[:2]
    a, b = known[first], known[second]
    lead = f"{first} ({number(float(np.mean(a)))}) before {second} ({number(float(np.mean(b)))})"
    if len(a) < 2 or len(b) < 2:
        return f"{lead}, one seed's lead, of unknown spread"
    if not (min(a) > max(b) if largest else max(a) < min(b)):
        return f"{lead}, but the seeds' ranges overlap: too near to rank"
    chance = comb(len(a) + len(b), len(a)) // 2
    return (
        f"{lead}, the seeds' ranges apart, as those of {len(a)} and {len(b)} seeds of two equal "
        f"methods are 1 time in {chance}"
    )


def _findings(table: pd.DataFrame, horizontal: Sequence[str]) -> list[Finding]:
    values: dict[str, dict[str, str]] = {line: {} for line in lines_of(table)}
    verdicts = []
    for axis in horizontal:
        # The last point that every line reaches.
        last = float(table.groupby("line")[axis].max().min())
        after = (
            f"after {last:,.0f} iterations" if axis == "iteration" else f"after {number(last)} s"
        )
        leads = []
        for score, words in SCORES.items():
            found = score_at(table, axis, last, score)
            for line, seeds in found.items():
                values[line][f"{words} {after}"] = mean_sd(seeds)
            leads.append(f"by {words} {ahead(found, score == 'isc')}")
        verdicts.append(Finding(f"A{after[1:]}: {'; '.join(leads)}"))
    floor, real = table["fid_floor"].mean(), table["isc_floor"].mean()
    statement = (
        "Mean ± standard deviation over seeds, at the last iteration and the last second that all "
        f"methods reach; FID's floor is {number(floor)}, real images' Inception score "
        f"{number(real)}"
    )
    return [Finding(statement, values), *verdicts]


def _speeds(table: pd.DataFrame, results: Results, horizontal: Sequence[str]) -> Iterator[Finding]:
    """Yield how long each line takes to the best FID of each clipped one, seed by seed."""
    constraints = {run: r.configuration.constraint for run, r in results.runs.items()}
    clipped = table["run"].map({run: c.name for run, c in constraints.items() if c}).eq(CLIPPED)
    for line in lines_of(table[clipped]):
        best = table[table["line"] == line].groupby("seed")["fid"].min().to_dict()
        values: dict[str, dict[str, str]] = {}
        for axis in horizontal:
            for other, times in times_to(table, axis, best).items():
                typical = float(np.median(times)) if times else np.nan
                values.setdefault(other, {})[AXES[axis]] = _time(typical)
        statement = (
            f"To the best FID of {line} with the same seed, median over seeds, log-linear between "
            "evaluations"
        )
        yield Finding(statement, values)


def times_to(
    table: pd.DataFrame, axis: str, best: Mapping[Hashable, float]
) -> dict[str, list[float]]:
    """Return when each line first has a FID that is at most that of its seed in `best`."""
    times: dict[str, list[float]] = {line: [] for line in lines_of(table)}
    for (line, _, seed), history in table.groupby(["line", "run", "seed"], sort=False):
        if seed in best:
            known = history.sort_values("iteration")
            found = first_reached(known[axis].to_numpy(), known["fid"].to_numpy(), best[seed])
            times[str(line)].append(found)
    return times


def _time(typical: float) -> str:
    return number(typical) if np.isfinite(typical) else ("never" if typical > 0 else NOTHING)


def _panel(axes: Axes, table: pd.DataFrame, x: str, score: str) -> None:
    for line, (ink, marker, style) in line_looks(table).items():
        sns.lineplot(
            table[table["line"] == line], x=x, y=score, color=ink, marker=marker, ls=style,
            errorbar=("pi", 100), markersize=4, markeredgewidth=0, ax=axes,
        )  # fmt: skip
    real = table[f"{score}_floor"].mean()
    floor_band(axes, real, table[f"{score}_floor_sd"].mean())
    if score == "fid":
        logarithmic(axes.yaxis, table["fid"], real)
    axes.set(xlabel=AXES[x], ylabel=SCORES[score], xlim=(0, None))
    axes.xaxis.set_major_locator(MaxNLocator(5))
