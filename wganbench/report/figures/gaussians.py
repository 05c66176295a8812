"""[WGAN] figure 2: discriminator and critics between two Gaussians, and the gradients they give."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from scipy.special import expit
from scipy.stats import norm

from wganbench.data.pairs import TwoGaussians
from wganbench.gather.load import Results
from wganbench.objectives import Objective
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn, worded
from wganbench.report.style.looks import INK, REAL, colours, powers
from wganbench.report.style.marks import SPREAD, band, entry

SMALLEST = 1e-10  # at the bottom of the gradients' axis
MODEL = "#E69F00"  # the model's density; no method has this colour
Objectives = Mapping[str, Objective]


def two_gaussians_figure(results: Results, name: str) -> Figure:
    """Return the values of discriminator and critics along the line, and their gradients' size."""
    data = next(iter(results.runs.values())).configuration.data
    assert isinstance(data, TwoGaussians), "chosen by the data's name"
    curves = _curves(results, data)
    drawn_runs = (results.runs[run].configuration for run in dict.fromkeys(curves["run"]))
    objectives = {run.objective.name: run.objective for run in drawn_runs if run.objective}
    return drawn(
        name, "Discriminator and critics between two Gaussians", _findings(curves, data),
        _caption(objectives), curves, lambda: _drawing(curves, data, objectives),
    )  # fmt: skip


def _caption(objectives: Objectives) -> str:
    others = "".join(
        f", {objective.pull_label} |f'| for the loss {objective.loss_label}"
        for objective in objectives.values()
        if objective.pull_label
    )
    return (
        "Left: the two densities (filled), the optimal discriminator p/(p + q) (dashed) and the "
        "trained one, D = sigmoid(f). Middle: critics f, each divided by its largest gradient norm "
        "along the line, so that no slope exceeds 1, and moved to 0 midway between the means: a "
        "critic is defined up to a constant, and its scale is not known under clipping. Right: "
        "size of the gradient that a generated sample at x would follow, |f'| for a critic"
        f"{others}, each divided by its own largest value along the line (below {SMALLEST:g} drawn "
        "there); dotted: the model's mean; dashed: the optimal discriminator's. Lines: mean over "
        "seeds; bands: smallest to largest seed."
    )


def _curves(results: Results, data: TwoGaussians) -> pd.DataFrame:
    """Return one row per run, seed and point of the line: the value shown and the gradient."""
    columns = ["run", "label", "seed", "objective", "is_probability", "x", "value", "pull"]
    parts = []
    for run_id, run in results.runs.items():
        samples = results.samples(run_id)
        points, values = samples.grid_points, samples.grid_values
        slopes, objective = samples.grid_gradient_norm, run.configuration.objective
        if points is None or values is None or slopes is None or objective is None:
            continue  # no critic, or with batch norm, whose value is not a function of one sample
        facts = {
            "run": run_id,
            "label": results.facts.loc[results.facts["run"] == run_id, "label"].item(),
            "objective": objective.name,
            "is_probability": objective.is_probability,
        }
        for seed, place in results.last(run_id, samples).items():
            part = _along(points[:, 0], values[place], slopes[place], objective, data)
            parts.append(part.assign(seed=seed, **facts))
    return pd.concat(parts)[columns] if parts else pd.DataFrame(columns=columns)


def _along(
    x: np.ndarray, values: np.ndarray, slopes: np.ndarray, objective: Objective, data: TwoGaussians
) -> pd.DataFrame:
    x, values, slopes = (array.astype(np.float64) for array in (x, values, slopes))
    shown, pull = objective.link(values), objective.pull(values) * slopes
    if not objective.is_probability:
        middle = np.interp((data.mean_real + data.mean_model) / 2, x, values)
        shown = (values - middle) / (slopes.max() or np.nan)
    return pd.DataFrame({"x": x, "value": shown, "pull": pull / (pull.max() or np.nan)})


def _optimal(x: np.ndarray, data: TwoGaussians) -> np.ndarray:
    """Return the optimal discriminator's logit: linear in x, so that its slope is constant."""
    best: np.ndarray = norm.logpdf(x, data.mean_real) - norm.logpdf(x, data.mean_model)
    return best


def _findings(curves: pd.DataFrame, data: TwoGaussians) -> list[Finding]:
    if curves.empty:
        return []
    away = (curves["x"] - data.mean_model).abs()
    words = worded(curves[away == away.min()], "label", "pull", 2)
    statement = (
        "Gradient left for a sample at the model's mean, mean over seeds (smallest to largest)"
    )
    return [Finding(statement, {"share of the largest along the line": words})]


def _drawing(curves: pd.DataFrame, data: TwoGaussians, objectives: Objectives) -> Drawing:
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(12, 3.7))
    is_probability = curves["is_probability"].astype(bool)
    _discriminators(left, data, curves[is_probability])
    _banded(middle, curves[~is_probability], "value")
    middle.set(title="critics, normalised", ylabel="f(x) / largest |f'|, centred")
    _gradients(right, data, curves, objectives)
    for axes in (left, middle, right):
        axes.set_xlabel("x")
    entries = [
        Patch(color=REAL, alpha=0.5, lw=0, label="real density p"),
        Patch(color=MODEL, alpha=0.5, lw=0, label="model's density q"),
        entry("optimal D = p/(p + q)", c=INK, ls="--", lw=1),
        *(entry(label, c=ink) for label, ink in colours(curves["label"]).items()),
    ]
    figure.legend(handles=entries, loc="outside lower center", ncols=6)
    return figure


def _banded(axes: Axes, curves: pd.DataFrame, column: str) -> None:
    colour = colours(curves["label"])
    for label, seeds in curves.groupby("label"):
        band(axes, seeds.groupby("x")[column].agg(SPREAD), colour[str(label)])


def _discriminators(axes: Axes, data: TwoGaussians, curves: pd.DataFrame) -> None:
    reach = abs(data.mean_model - data.mean_real) / 2 + 4
    middle = (data.mean_real + data.mean_model) / 2
    x = np.linspace(middle - reach, middle + reach, 401)
    for mean, colour in ((data.mean_real, REAL), (data.mean_model, MODEL)):
        axes.fill_between(x, norm.pdf(x, mean), color=colour, alpha=0.5, lw=0)
    axes.plot(x, expit(_optimal(x, data)), c=INK, ls="--", lw=1)
    _banded(axes, curves, "value")
    axes.set(title="densities and discriminators", ylabel="density; D(x)", ylim=(-0.03, 1.05))


def _gradients(
    axes: Axes, data: TwoGaussians, curves: pd.DataFrame, objectives: Objectives
) -> None:
    _banded(axes, curves.assign(pull=curves["pull"].clip(lower=SMALLEST)), "pull")
    x = np.sort(curves["x"].unique())
    for objective in objectives.values():
        if objective.is_probability:
            best = objective.pull(_optimal(x, data))
            axes.plot(x, (best / best.max()).clip(SMALLEST), c=INK, ls="--", lw=1)
    axes.axvline(data.mean_model, ls=":", c=INK, lw=1)
    axes.set(yscale="log", ylim=(SMALLEST, 3), title="gradient for a sample at x")
    axes.set_ylabel("gradient / its largest")
    powers(axes.yaxis, SMALLEST, 1)
