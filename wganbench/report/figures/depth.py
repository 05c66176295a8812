"""[GP] figure 1b: gradient norms by layer and weights of deep critics, clipped and penalised."""

from collections.abc import Iterator
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from wganbench.gather.load import Results
from wganbench.gather.networks import critic_weights, layer_norms
from wganbench.gather.study import value_of, varying
from wganbench.report.style.axes import logarithmic
from wganbench.report.style.blocks import Figure, Finding, to_svg
from wganbench.report.style.looks import colours, drawing, in_order, markers
from wganbench.report.style.wording import mean_range, number

AT_BOUNDARY = 0.999  # of c: a weight that clipping has stopped
BINS = 61


def depth_figures(results: Results, ends: pd.DataFrame) -> Iterator[Figure]:
    """Yield gradient norms by layer, and weights, of the deepest critics where depth varies."""
    rows = varying(ends, "critic.depth")
    rows = rows[["critic.width" not in knobs for knobs in rows["knobs"]]]
    if rows.empty:
        return
    deepest = rows[rows["critic.depth"] == rows["critic.depth"].max()]
    runs = {
        str(label): str(run) for run, label in zip(deepest["run"], deepest["label"], strict=True)
    }
    runs = {label: runs[label] for label in in_order(runs)}
    depth = int(deepest["critic.depth"].iloc[0])
    yield from _layers(results, runs, depth)
    yield _weights(results, runs, depth)


def _layers(results: Results, runs: dict[str, str], depth: int) -> Iterator[Figure]:
    found = {label: layer_norms(results, run) for label, run in runs.items()}
    norms = {label: of for label, of in found.items() if of is not None}
    if not norms:
        return
    name, title = "study-layers", f"Gradient norm by layer of {depth}-layer critics"
    colour, marker = colours(norms), markers(norms)
    findings = _layer_findings(norms)
    with drawing():
        figure, axes = plt.subplots(figsize=(7.6, 3.9), layout="constrained")
        for label, of in norms.items():
            _along_layers(axes, of, colour[label], marker[label])
        axes.set(xlabel="layer, from the input", ylabel="norm of the loss's gradient")
        axes.set_xticks(range(1, depth + 1))
        logarithmic(axes.yaxis, np.concatenate([of.ravel() for of in norms.values()]))
        handles = [
            Line2D([], [], c=colour[label], marker=marker[label], ms=6, label=label)
            for label in norms
        ]
        figure.legend(handles=handles, loc="outside right upper")
        markup = to_svg(figure, name, title, findings)
    caption = (
        "Norm of the gradient of the critic's loss, penalty apart, with respect to the output of "
        "each hidden layer before its ReLU, on one batch at the end of training ([GP] figure 1b). "
        "Line: mean over seeds; band: smallest to largest. Norms whose squares are 0 in "
        "single precision have no place on the axis."
    )
    yield Figure(name, title, findings, caption, markup, _norm_data(norms, runs))


def _norm_data(norms: dict[str, np.ndarray], runs: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"run": runs[label], "label": label, "good_seed": s, "layer": layer, "norm": norm}
            for label, of in norms.items()
            for s, row in enumerate(of)
            for layer, norm in enumerate(row, start=1)
        ]
    )


def _weight_data(shares: np.ndarray, edges: np.ndarray) -> pd.DataFrame:
    seeds, bins = shares.shape
    return pd.DataFrame(
        {
            "good_seed": np.repeat(np.arange(seeds), bins),
            "from": np.tile(edges[:-1], seeds),
            "to": np.tile(edges[1:], seeds),
            "share": shares.ravel(),
        }
    )


def _along_layers(axes: Axes, norms: np.ndarray, colour: str, marker: str) -> None:
    """Draw mean, smallest and largest of the seeds whose norm is not 0."""
    shown = pd.DataFrame(norms).where(norms > 0)  # its columns are layers
    layers = np.arange(1, norms.shape[1] + 1)
    axes.plot(layers, shown.mean(), c=colour, marker=marker, ms=6, mec="none")
    axes.fill_between(layers, shown.min(), shown.max(), color=colour, alpha=0.25, lw=0)


def _layer_findings(norms: dict[str, np.ndarray]) -> list[Finding]:
    """Say by how much each critic's gradient grows or shrinks, where it is not 0."""
    values: dict[str, dict[str, str]] = {"first layer / last layer": {}, "decades per layer": {}}
    for label, of in norms.items():
        whole = of[(of > 0).all(1)]
        values["first layer / last layer"][label] = (
            mean_range(whole[:, 0] / whole[:, -1], 2)
            if len(whole) == len(of)
            else f"0 from layer {int((of == 0).any(0).nonzero()[0][-1]) + 1} down"
        )
        values["decades per layer"][label] = mean_range(
            [_decades(row) for row in of if (row > 0).sum() > 1], 2
        )
    statement = "From the last layer back to the first the gradient's norm is multiplied by"
    return [Finding(statement, values)]


def _decades(norms: np.ndarray) -> float:
    """Return the mean growth per layer towards the input, where the norm is not 0."""
    layers = np.flatnonzero(norms > 0)
    first, last = layers[0], layers[-1]
    return float(np.log10(norms[first] / norms[last]) / (last - first))


def _weights(results: Results, runs: dict[str, str], depth: int) -> Figure:
    name, title = "study-weights", f"Weights of {depth}-layer critics"
    weights = {label: critic_weights(results, run) for label, run in runs.items()}
    limits = {
        label: value_of(results.runs[run].configuration, "constraint.clip_value")
        for label, run in runs.items()
    }
    findings = _weight_findings(weights, limits)
    colour = colours(runs)
    parts: list[pd.DataFrame] = []
    with drawing():
        size = (2.8 * len(runs) + 0.3, 2.7)
        figure, grid = plt.subplots(1, len(runs), figsize=size, squeeze=False, layout="constrained")
        for axes, (label, of) in zip(grid[0], weights.items(), strict=True):
            reach = limits[label] or max(float(np.quantile(np.abs(s), 0.999)) for s in of)
            edges = np.linspace(-1.0001 * reach, 1.0001 * reach, BINS + 1)
            shares = np.stack([np.histogram(s, edges)[0] / len(s) for s in of])
            parts.append(_weight_data(shares, edges).assign(run=runs[label], label=label))
            axes.stairs(100 * shares.mean(0), edges, fill=True, color=colour[label], alpha=0.75)
            middle = [(a + b) / 2 for a, b in pairwise(edges)]
            axes.vlines(middle, 100 * shares.min(0), 100 * shares.max(0), color=colour[label], lw=1)
            axes.set(title=label, xlabel="weight", yscale="log")
            axes.set_xticks([-reach, 0, reach], [number(-reach, 2), "0", number(reach, 2)])
            logarithmic(axes.yaxis, 100 * shares.ravel())
        grid[0, 0].set_ylabel("share of weights in a bin (%)")
        markup = to_svg(figure, name, title, findings)
    caption = (
        f"All weights of the critic's layers, biases apart, at the end of training, in {BINS} bins "
        "from -c to c, or to the 99.9th percentile of the sizes where nothing is clipped; "
        "logarithmic shares. Bars: mean over seeds; thin lines: smallest to largest seed. Each "
        "panel has its own axes."
    )
    return Figure(name, title, findings, caption, markup, pd.concat(parts))


def _weight_findings(
    weights: dict[str, list[np.ndarray]], limits: dict[str, float | None]
) -> list[Finding]:
    boundary: dict[str, str] = {}
    sizes: dict[str, str] = {}
    for label, of in weights.items():
        limit = limits[label]
        if limit is not None:
            shares = [100 * float((np.abs(s) >= AT_BOUNDARY * limit).mean()) for s in of]
            boundary[label] = f"{mean_range(shares, 2)}%"
        sizes[label] = mean_range([float(np.abs(s).mean()) for s in of], 2)
    found = {"share at -c or c": boundary} if boundary else {}
    return [
        Finding(
            "Weights at the clipping boundary, and mean size of a weight, mean (smallest to "
            "largest) over seeds",
            found | {"mean |weight|": sizes},
        )
    ]
