"""[fGAN] section 3.1: the single-step method beside the double loop, and the fields they follow."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from jaxtyping import Float
from matplotlib.axes import Axes

from wganbench.claims.fgan_single_step import FITS
from wganbench.claims.judging.evidence import evidence_of
from wganbench.claims.judging.fits import DATA, best, divergences, exact, objectives
from wganbench.gather.affine import parameters
from wganbench.gather.bounds import learned
from wganbench.gather.load import Results
from wganbench.gather.selection import chosen
from wganbench.objectives.f_gan import FGAN
from wganbench.report.style.blocks import (
    Cell,
    Drawing,
    Figure,
    Finding,
    Table,
    drawn,
    measured,
    tabulated,
)
from wganbench.report.style.looks import INK, MUTED, in_order
from wganbench.report.style.marks import entry
from wganbench.report.style.wording import mean_range
from wganbench.transport.f_gradients import exact_descent

DIGITS = 4
WIDTH, HEIGHT = 3.0, 2.9  # inches of a panel
NARROWEST = 5.2  # inches: the legend's
GRID = 9  # arrows of the background along each axis
INKS = ("#D55E00", "#0072B2")  # of the two ways; grey is the divergence's own field
LEVELS = (1.05, 1.2, 1.5, 2.0, 3.0, 5.0, 10.0)  # contours, in least divergences
MARGIN = 0.25  # about what is drawn, in the data's unit
_DATA = (
    "run", "by", "line", "seed", "iteration", "mean", "sd", "critic_mean", "critic_sd",
    "exact_mean", "exact_sd", "cosine",
)  # fmt: skip
_TABLE_CAPTION = (
    "Exact divergence of the model from the mixture, by quadrature, at the end: mean ± standard "
    "deviation over seeds, each at its best learning rate of those tried. Both take as many "
    "gradient steps of the two players together, of which the double loop spends ten of eleven on "
    "its critic. Least: of any Gaussian."
)
_CAPTION = (
    "The plane of the model's parameters. Grey arrows: downhill by the exact divergence, drawn in "
    "one length; curves: where it is 1.05, 1.2, 1.5, 2, 3, 5 and 10 times the least, which is at "
    "the cross. Dots: the models at each evaluation, all seeds, which begin at N(0, 1). Coloured "
    "arrows: downhill by the bound of the first seed's critic as it was at that evaluation, by "
    "quadrature, which is what the generator followed there."
)


def single_step_blocks(results: Results, name: str) -> Iterator[Table | Figure]:
    """Yield the table and the two fields, if runs of both ways are there."""
    if not results.runs:
        return
    part = results.select(chosen(results.settings, FITS)["run"])
    if len({_way(part, run) for run in part.runs}) < 2:
        return
    yield _ends(part, name)
    table = pd.concat([_followed(part, run) for run in part.runs], ignore_index=True)
    yield drawn(
        f"{name}-fields", "The field that is followed, and the divergence's own",
        [_finding(table)], _CAPTION, table[list(_DATA)], lambda: _drawing(table, part),
    )  # fmt: skip


def _way(part: Results, run: str) -> str:
    return part.runs[run].configuration.variant.replace("-", " ") or "f-GAN"


def _objective(part: Results, run: str) -> FGAN:
    objective = part.runs[run].configuration.objective
    assert isinstance(objective, FGAN), "chosen by the objective's name"
    return objective


def _ends(part: Results, name: str) -> Table:
    evidence = evidence_of(part)
    ends, known = divergences(evidence, FITS), objectives(evidence, FITS)
    rows = []
    for objective in dict.fromkeys(known.values()):
        least = best(objective).divergence
        row: dict[str, Cell | str] = {
            "divergence": objective.row.short,
            "least": Cell(f"{least:.{DIGITS}f}", least),
        }
        for run, one in known.items():
            if one == objective:
                row[_way(part, run)] = measured(ends.loc[ends["run"] == run, "value"], DIGITS)
        rows.append(row)
    title = "Single-step and double loop: exact divergence at the end"
    return tabulated(name, title, _TABLE_CAPTION, rows, list(known))


def _followed(part: Results, run: str) -> pd.DataFrame:
    """Return a row for each evaluation of a run: the model, and both ways downhill from there."""
    objective, laws = _objective(part, run), parameters(part, run)
    rows = []
    for (seed, iteration), pull in learned(part, run, "pull_mean", "pull_sd").items():
        law, critic = laws[seed, iteration], np.array(pull)
        own = exact_descent(objective.row, DATA.log_density, *law)
        rows.append(
            (run, objective.row.short, _way(part, run), seed, iteration, *law, *critic, *own,
             _cosine(critic, own))
        )  # fmt: skip
    return pd.DataFrame(rows, columns=list(_DATA))


def _cosine(one: Float[np.ndarray, "2"], other: Float[np.ndarray, "2"]) -> float:
    size = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / size if size > 0 else float("nan")


def _finding(table: pd.DataFrame) -> Finding:
    values = {
        f"{by}, {way}": {
            "on the way": mean_range(_typical(rows, is_early=True), 2),
            "at the end": mean_range(_typical(rows, is_early=False), 2),
        }
        for (by, way), rows in table.groupby(["by", "line"], sort=False)
    }
    return Finding(
        "Cosine of the angle between the field that is followed and the divergence's own, each "
        "seed's median over the first and the second half of its evaluations, mean (smallest to "
        "largest) over seeds",
        values,
    )


def _typical(rows: pd.DataFrame, is_early: bool) -> "pd.Series[float]":
    middle = rows["iteration"].median()
    half = rows[(rows["iteration"] <= middle) == is_early]
    return half.groupby("seed")["cosine"].median()


def _drawing(table: pd.DataFrame, part: Results) -> Drawing:
    objectives = {_objective(part, run).row.short: _objective(part, run) for run in part.runs}
    ways = in_order(table["line"])
    size = (max(WIDTH * len(objectives) + 0.6, NARROWEST), HEIGHT * len(ways) + 0.6)
    figure, grid = plt.subplots(
        len(ways), len(objectives), figsize=size, squeeze=False, sharex="col", sharey="col"
    )
    ink = dict(zip(ways, cycle(INKS), strict=False))
    for column, (short, objective) in zip(grid.T, objectives.items(), strict=True):
        shown = table[table["by"] == short]
        for axes, way in zip(column, ways, strict=True):
            _background(axes, objective, shown)
            _path(axes, shown[shown["line"] == way], ink[way])
        column[0].set_title(short)
        column[-1].set_xlabel("mean μ")
    for axes in grid[:, 0]:
        axes.set_ylabel("standard deviation σ")
    entries = [entry(f"{way}, by its critic", c=ink[way], marker=".") for way in ways]
    entries.append(entry("by the exact divergence", c=MUTED))
    entries.append(entry("least divergence", c=INK, marker="+", ls="", ms=8))
    figure.legend(handles=entries, loc="outside upper left", ncols=2)
    return figure


def _background(axes: Axes, objective: FGAN, shown: pd.DataFrame) -> None:
    """Draw contours of the exact divergence, its field and its least."""
    fit = best(objective)
    means, sds = (
        np.linspace(
            min(begin, right, shown[column].min()) - MARGIN,
            max(begin, right, shown[column].max()) + MARGIN,
            GRID,
        )
        for column, begin, right in (("mean", 0.0, fit.mean), ("sd", 1.0, fit.sd))
    )
    sds = sds[sds > MARGIN]
    fine = [np.linspace(axis[0], axis[-1], 4 * GRID) for axis in (means, sds)]
    levels = [[exact(objective, mean, sd) for mean in fine[0]] for sd in fine[1]]
    axes.contour(
        *fine, np.array(levels) / fit.divergence, levels=LEVELS, colors=MUTED, linewidths=0.5
    )
    at = [(mean, sd) for mean in means for sd in sds]
    field = np.array([exact_descent(objective.row, DATA.log_density, *law) for law in at])
    _arrows(axes, np.array(at), field, color=MUTED, alpha=0.55, scale=16, width=0.005)
    axes.plot(fit.mean, fit.sd, "+", c=INK, ms=9, mew=1.5)
    axes.grid(visible=False)


def _path(axes: Axes, rows: pd.DataFrame, colour: str) -> None:
    """Draw the models of all seeds and, of the first, the field that it followed."""
    axes.plot(rows["mean"], rows["sd"], ".", c=colour, ms=3, alpha=0.7)
    first = rows[rows["seed"] == rows["seed"].min()]
    _arrows(
        axes, first[["mean", "sd"]].to_numpy(), first[["critic_mean", "critic_sd"]].to_numpy(),
        color=colour, scale=11, width=0.008,
    )  # fmt: skip


def _arrows(
    axes: Axes, at: Float[np.ndarray, "n 2"], field: Float[np.ndarray, "n 2"], **look: Any
) -> None:
    """Draw arrows of one length in the field's direction, where it has one."""
    known = np.isfinite(field).all(axis=1)  # far from the data a divergence overflows
    at, field = at[known], field[known]
    size = np.linalg.norm(field, axis=1, keepdims=True)
    unit = field / np.where(size > 0, size, 1.0)
    axes.quiver(*at.T, *unit.T, angles="xy", scale_units="width", pivot="tail", **look)
