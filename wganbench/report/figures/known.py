"""Known answers drawn: earth, a bump that moves, games of two numbers, critics that are fixed."""

from collections.abc import Mapping
from functools import cache

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from wganbench.data.pairs import Piecewise
from wganbench.gather.load import Results
from wganbench.known_answers import bumps, earth, frozen, games
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn, worded
from wganbench.report.style.looks import INK, MUTED, REAL, colours, looks
from wganbench.report.style.marks import SPREAD, band, entry
from wganbench.transport.one_dimensional import kantorovich_potential, piecewise_w1

MODEL = "#E69F00"  # as in [WGAN] figure 2 here
SHIFTS = np.linspace(0, 3 * bumps.WIDTH, 61)
ETA = games.ETA
FEW = 4  # steps, after which samples have visibly moved
LOWEST = 6.0  # where the best critic of the three steps has its least value


def known_figures(results: Results, name: str) -> list[Figure]:
    """Return a figure for each topic that has something to draw, critics trained on it with it."""
    trained = results.select(
        run for run, of_run in results.runs.items()
        if isinstance(of_run.configuration.data, Piecewise)
    )  # fmt: skip
    figures = [_earth(trained, f"{name}-earth")]
    computed = [_bumps(f"{name}-bumps"), _games(f"{name}-games"), _frozen(f"{name}-frozen")]
    return [*figures, *computed]


def _earth(results: Results, name: str) -> Figure:
    knots, values = kantorovich_potential(earth.REAL, earth.MODEL)
    best = pd.DataFrame({"label": "best", "x": knots, "value": values - values.min()})
    trained = _critics(results)
    w1 = piecewise_w1(earth.REAL, earth.MODEL)
    found = worded(results.final(), "label", "estimate_heldout") if results.runs else {}
    findings = [
        Finding(f"The area is {w1:.4g}, and so is the difference of the potential's means"),
        *([Finding("What trained critics report", {"raw, held out": found})] if found else []),
    ]
    caption = (
        "Left: Fleuret's two densities. Middle: their distribution functions; the area between "
        "them is W1. Right: the best critic. No slope exceeds 1; it rises where earth has to come "
        "from the right and falls where it has to come from the left. Coloured, where critics were "
        "trained on the two laws: each divided by its largest slope and moved so that it is 0 at "
        "6; mean over seeds, band: smallest to largest seed."
    )
    return drawn(
        name, "Three steps and one: W1 = 3", findings, caption, pd.concat([best, trained]),
        lambda: _earth_drawing(best, trained),
    )  # fmt: skip


def _critics(results: Results) -> pd.DataFrame:
    """Return `run`, `label`, `seed`, `x` and `value` of trained critics along the line."""
    parts = [pd.DataFrame(columns=["run", "label", "seed", "x", "value"])]
    for run in results.runs:
        samples = results.samples(run)
        points, values, slopes = (
            samples.grid_points,
            samples.grid_values,
            samples.grid_gradient_norm,
        )
        if points is None or values is None or slopes is None:
            continue
        x = points[:, 0]
        for seed, place in results.last(run, samples).items():
            shown = (values[place] - np.interp(LOWEST, x, values[place])) / slopes[place].max()
            label = results.facts.loc[results.facts["run"] == run, "label"].item()
            facts = {"run": run, "label": label, "seed": seed}
            parts.append(pd.DataFrame({"x": x, "value": shown}).assign(**facts))
    return pd.concat([part for part in parts if len(part)] or parts)


def _earth_drawing(best: pd.DataFrame, trained: pd.DataFrame) -> Drawing:
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(12, 3.2))
    x = np.linspace(0, 11, 1101)
    for law, colour, words in ((earth.REAL, REAL, "real"), (earth.MODEL, MODEL, "model")):
        left.fill_between(x, law.density(x), color=colour, alpha=0.6, lw=0, label=words)
        middle.plot(x, law.cdf(x), c=colour, label=words)
    middle.fill_between(x, earth.REAL.cdf(x), earth.MODEL.cdf(x), color=MUTED, alpha=0.2, lw=0)
    for label, colour in colours(trained["label"]).items():
        of_label = trained[trained["label"] == label]
        band(right, of_label.groupby("x")["value"].agg(SPREAD), colour, label=label)
    right.plot(best["x"], best["value"], c=INK, ls="--", label="by hand")
    right.set(xlim=(0, 11), ylim=(-0.5, 6))
    left.set(title="densities")
    middle.set(title="distribution functions")
    right.set(title="critics")
    for axes in (left, middle, right):
        axes.set_xlabel("x")
        axes.legend()
    return figure


@cache  # of no result
def _bumps(name: str) -> Figure:
    laws = [(bumps.bump(0), bumps.bump(shift)) for shift in SHIFTS]
    table = pd.DataFrame(
        {
            "shift": SHIFTS,
            "Jensen-Shannon (nats)": [bumps.jensen_shannon(p, q) for p, q in laws],
            "W1": [piecewise_w1(p, q) for p, q in laws],
        }
    )
    constant = table.loc[table["shift"] >= bumps.WIDTH, "Jensen-Shannon (nats)"]
    finding = f"From one width on, JS stays at {constant.iloc[-1]:.4f}; W1 grows on"
    caption = (
        "Two laws that are alike but for a bump, which is moved by so much in one of them. Dashed: "
        "the bump's width. The lecture's slide prints a closed form that is negative for every "
        "width; drawn is the exact integral."
    )
    return drawn(
        name, "A bump that moves: JS saturates, W1 does not", [Finding(finding)], caption, table,
        lambda: _bumps_drawing(table),
    )  # fmt: skip


def _bumps_drawing(table: pd.DataFrame) -> Drawing:
    figure, both = plt.subplots(1, 2, figsize=(8, 3))
    for axes, column in zip(both, ("Jensen-Shannon (nats)", "W1"), strict=True):
        axes.plot(table["shift"], table[column], c=INK)
        axes.axvline(bumps.WIDTH, c=MUTED, ls="--", lw=1)
        axes.set(xlabel="shift of the bump", ylabel=column, ylim=(0, None))
    return figure


@cache
def _games(name: str) -> Figure:
    fields: dict[str, games.Field] = {
        "V = xy": games.bilinear,
        "V = xy + δ/2 (x² − y²)": games.convex,
    }
    table = pd.concat(
        _path(words, field, way).assign(game=words, label=way)
        for words, field in fields.items()
        for way in games.WAYS
    )
    caption = (
        f"Gradient steps of {ETA:g} from (1, 0): arrows show where the players are drawn, x down V "
        f"and y up; δ = {games.DELTA:g}. Right: the distance from the equilibrium at (0, 0). In "
        "continuous time the players of V = xy orbit; with steps of one size they leave, stay or "
        "come in, by the way in which they take turns."
    )
    last = table.groupby(["game", "label"], sort=False)["radius"].last()
    bilinear = ", ".join(f"{way} {last['V = xy', way]:.3g}" for way in games.WAYS)
    finding = f"Distance after {games.STEPS} steps on V = xy, from 1: {bilinear}"
    return drawn(
        name, "Games of two numbers", [Finding(finding)], caption, table,
        lambda: _games_drawing(table, fields),
    )  # fmt: skip


def _path(words: str, field: games.Field, way: str) -> pd.DataFrame:
    x, y = games.path(games.WAYS[way], field, ETA).T
    return pd.DataFrame({"step": np.arange(len(x)), "x": x, "y": y, "radius": np.hypot(x, y)})


def _games_drawing(table: pd.DataFrame, fields: Mapping[str, games.Field]) -> Drawing:
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(12, 3.9))
    looked = looks(games.WAYS)
    for axes, (words, field) in zip((left, middle), fields.items(), strict=True):
        _arrows(axes, field)
        of_game = table[table["game"] == words]
        for way, (colour, _) in looked.items():
            path = of_game[(of_game["label"] == way) & (of_game["step"] <= 60)]
            axes.plot(path["x"], path["y"], c=colour, lw=1.2, marker=".", ms=3)
        axes.plot(0, 0, "+", c=INK, ms=9)
        axes.set(title=words, xlabel="x", ylabel="y", xlim=(-3.5, 3.5), ylim=(-3.5, 3.5))
        axes.set_aspect("equal")
    for (game, taken), rows in table.groupby(["game", "label"], sort=False):
        style = "-" if game == "V = xy" else "--"
        right.plot(rows["step"], rows["radius"], c=looked[str(taken)][0], ls=style)
    right.set(yscale="log", xlabel="step", ylabel="distance from (0, 0)", ylim=(1e-3, 20))
    entries = [
        *(entry(way, c=colour) for way, (colour, _) in looked.items()),
        *(entry(words, c=INK, ls=style) for words, style in zip(fields, ("-", "--"), strict=True)),
    ]
    figure.legend(handles=entries, loc="outside lower center", ncols=5)
    return figure


def _arrows(axes: Axes, field: games.Field) -> None:
    side = np.linspace(-3, 3, 9)
    x, y = np.meshgrid(side, side)
    u, v = field(np.stack([x, y]))
    axes.quiver(x, y, u, v, color=MUTED, alpha=0.45, width=0.004)


@cache
def _frozen(name: str) -> Figure:
    begun = frozen.start()
    table = pd.concat(
        pd.DataFrame(frozen.climbed(critic, begun, steps), columns=["x", "y"]).assign(
            critic=words, steps=steps
        )
        for words, critic in frozen.CRITICS.items()
        for steps in (0, FEW, frozen.STEPS)
    )
    ends = table[table["steps"] == frozen.STEPS].groupby("critic", sort=False)[["x", "y"]]
    extents = ends.std().apply(np.linalg.norm, axis="columns")
    first = np.linalg.norm(begun.std(axis=0))
    said = ", ".join(f"f = {words} {extent:.2g}" for words, extent in extents.items())
    finding = f"Extent of the samples after {frozen.STEPS} steps, from {first:.3g}: {said}"
    caption = (
        f"Samples of N(0, I) climb a fixed critic by steps of {frozen.ETA:g}, as those of a "
        "generator do whose discriminator no longer learns. They end at the one best point, on a "
        "best line along which nothing moves them, or, where nothing is best, go ever farther, "
        f"after {frozen.STEPS} steps far beyond what is drawn."
    )
    return drawn(
        name, "A critic that no longer learns", [Finding(finding)], caption, table,
        lambda: _frozen_drawing(table),
    )  # fmt: skip


def _frozen_drawing(table: pd.DataFrame) -> Drawing:
    figure, panels = plt.subplots(1, len(frozen.CRITICS), figsize=(11, 4.5))
    shades = {0: (MUTED, 0.35), FEW: ("#56B4E9", 0.7), frozen.STEPS: ("#D55E00", 0.9)}
    for axes, (words, rows) in zip(panels, table.groupby("critic", sort=False), strict=True):
        for steps, (colour, alpha) in shades.items():
            points = rows[rows["steps"] == steps]
            axes.scatter(points["x"], points["y"], s=7, c=colour, alpha=alpha, lw=0)
        axes.set(title=f"f = {words}", xlabel="x", ylabel="y", xlim=(-6, 6), ylim=(-6, 6))
        axes.set_aspect("equal")
    entries = [
        entry(f"after {steps} steps", c=colour, marker="o", ls="", ms=5)
        for steps, (colour, _) in shades.items()
    ]
    figure.legend(handles=entries, loc="outside lower center", ncols=3)
    return figure
