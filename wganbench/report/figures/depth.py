"""[GP] figure 1b: gradient norms by layer and weights of deep critics, clipped and penalised."""

from collections.abc import Iterator, Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from wganbench.gather.load import Results
from wganbench.gather.networks import critic_weights, layer_norms
from wganbench.gather.study import ends, varying
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn
from wganbench.report.style.looks import by_label, colours, looks
from wganbench.report.style.marks import SPREAD, band, handles, logarithmic
from wganbench.report.style.wording import mean_range, number

AT_BOUNDARY = 0.999  # of c: a weight that clipping has stopped
BINS = 61
_LAYERS_CAPTION = (
    "Norm of the gradient of the critic's loss, penalty apart, with respect to the output of "
    "each hidden layer before its ReLU, on one batch at the end of training ([GP] figure 1b). "
    "Line: mean over seeds; band: smallest to largest. Norms whose squares are 0 in "
    "single precision have no place on the axis."
)
_WEIGHTS_CAPTION = (
    f"All weights of the critic's layers, biases apart, at the end of training, in {BINS} bins "
    "from -c to c, or to the 99.9th percentile of the sizes where nothing is clipped; "
    "logarithmic shares. Bars: mean over seeds; thin lines: smallest to largest seed. Each "
    "panel has its own axes."
)


def depth_figures(study: Results, name: str) -> Iterator[Figure]:
    """Yield gradient norms by layer, and weights, of the deepest critics where depth varies."""
    rows = varying(ends(study), "critic.depth")
    rows = rows.drop(varying(rows, "critic.width").index)
    if rows.empty:
        return
    deepest = rows[rows["critic.depth"] == rows["critic.depth"].max()]
    runs = {label: str(rows["run"].iloc[-1]) for label, rows in by_label(deepest)}
    depth = int(deepest["critic.depth"].iloc[0])
    found = {label: layer_norms(study, run) for label, run in runs.items()}
    norms = {label: by_layer for label, by_layer in found.items() if by_layer is not None}
    if norms:
        table = _norm_table(norms, runs)
        yield drawn(
            f"{name}-layers", f"Gradient norm by layer of {depth}-layer critics",
            _layer_findings(norms), _LAYERS_CAPTION, table, lambda: _layers(table),
        )  # fmt: skip
    yield _weights_figure(study, runs, f"{name}-weights", f"Weights of {depth}-layer critics")


def _norm_table(norms: Mapping[str, np.ndarray], runs: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"run": runs[label], "label": label, "good_seed": s, "layer": layer, "norm": norm}
            for label, by_layer in norms.items()
            for s, row in enumerate(by_layer)
            for layer, norm in enumerate(row, start=1)
        ]
    )


def _layers(table: pd.DataFrame) -> Drawing:
    figure, axes = plt.subplots(figsize=(7.6, 3.9))
    known = looks(table["label"])
    for label, (colour, marker) in known.items():
        norms = table[table["label"] == label]
        positive = norms.assign(norm=norms["norm"].where(norms["norm"] > 0))
        values = positive.groupby("layer")["norm"].agg(SPREAD)
        band(axes, values, colour, marker=marker, ms=6, mec="none")
    axes.set(xlabel="layer, from the input", ylabel="norm of the loss's gradient")
    axes.set_xticks(sorted(table["layer"].unique()))
    logarithmic(axes.yaxis, table["norm"])
    figure.legend(handles=handles(known, ms=6), loc="outside right upper")
    return figure


def _layer_findings(norms: Mapping[str, np.ndarray]) -> list[Finding]:
    values: dict[str, dict[str, str]] = {"first layer / last layer": {}, "decades per layer": {}}
    for label, by_layer in norms.items():
        whole = by_layer[(by_layer > 0).all(1)]
        values["first layer / last layer"][label] = (
            mean_range(whole[:, 0] / whole[:, -1], 2)
            if len(whole) == len(by_layer)
            else f"0 from layer {int((by_layer == 0).any(0).nonzero()[0][-1]) + 1} down"
        )
        values["decades per layer"][label] = mean_range(
            [_decades(row) for row in by_layer if (row > 0).sum() > 1], 2
        )
    statement = "From the last layer back to the first the gradient's norm is multiplied by"
    return [Finding(statement, values)]


def _decades(norms: np.ndarray) -> float:
    """Return the mean growth per layer towards the input, where the norm is not 0."""
    layers = np.flatnonzero(norms > 0)
    first, last = layers[0], layers[-1]
    return float(np.log10(norms[first] / norms[last]) / (last - first))


def _weights_figure(study: Results, runs: Mapping[str, str], name: str, title: str) -> Figure:
    shares = []
    at_ends: dict[str, str] = {}
    sizes: dict[str, str] = {}
    for label, run in runs.items():
        seeds = critic_weights(study, run)
        limit = study.runs[run].configuration.get("constraint.clip_value")
        shares.append(_shares(seeds, limit).assign(run=run, label=label))
        sizes[label] = mean_range([np.abs(weights).mean() for weights in seeds], 2)
        if limit is not None:
            stopped = [np.abs(weights) >= AT_BOUNDARY * limit for weights in seeds]
            at_ends[label] = mean_range([100 * each.mean() for each in stopped], 2) + "%"
    finding = Finding(
        "Weights at the clipping boundary, and mean size of a weight, mean (smallest to "
        "largest) over seeds",
        ({"share at -c or c": at_ends} if at_ends else {}) | {"mean |weight|": sizes},
    )
    table = pd.concat(shares)
    return drawn(name, title, [finding], _WEIGHTS_CAPTION, table, lambda: _weights(table))


def _shares(seeds: list[np.ndarray], limit: float | None) -> pd.DataFrame:
    reach = limit or max(float(np.quantile(np.abs(weights), 0.999)) for weights in seeds)
    edges = np.linspace(-1.0001 * reach, 1.0001 * reach, BINS + 1)
    shares = [np.histogram(weights, edges)[0] / len(weights) for weights in seeds]
    return pd.DataFrame(
        {
            "good_seed": np.repeat(np.arange(len(seeds)), BINS),
            "from": np.tile(edges[:-1], len(seeds)),
            "to": np.tile(edges[1:], len(seeds)),
            "share": np.concatenate(shares),
        }
    )


def _weights(shares: pd.DataFrame) -> Drawing:
    colour = colours(shares["label"])
    size = (2.8 * len(colour) + 0.3, 2.7)
    figure, grid = plt.subplots(1, len(colour), figsize=size, squeeze=False)
    for axes, (label, table) in zip(grid[0], shares.groupby("label", sort=False), strict=True):
        bins = (100 * table.set_index(["from", "to"])["share"]).groupby(["from", "to"])
        values = bins.agg(SPREAD).reset_index()
        edges = [*values["from"], values["to"].iloc[-1]]
        ink, reach = colour[str(label)], edges[-1] / 1.0001
        axes.stairs(values["mean"], edges, fill=True, color=ink, alpha=0.75)
        middles = (values["from"] + values["to"]) / 2
        axes.vlines(middles, values["min"], values["max"], color=ink, lw=1)
        axes.set(title=label, xlabel="weight", yscale="log")
        axes.set_xticks([-reach, 0, reach], [number(-reach, 2), "0", number(reach, 2)])
        logarithmic(axes.yaxis, 100 * table["share"])
    grid[0, 0].set_ylabel("share of weights in a bin (%)")
    return figure
