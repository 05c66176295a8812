"""[WGAN] figure 1: W1 and Jensen-Shannon of two parallel lines, closed forms and estimates."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from wganbench.data.pairs import ParallelLines
from wganbench.gather.load import Results
from wganbench.gather.quantities import is_distance, quantities
from wganbench.objectives.gan import NonSaturating
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn
from wganbench.report.style.looks import FLOOR, INK, MUTED, looks
from wganbench.report.style.marks import bars
from wganbench.report.style.wording import number
from wganbench.transport.closed_forms import parallel_lines

_DATA = (
    *("run", "seed", "label", "theta", "w1_true", "w1", "floor", "floor_sd"),
    *("estimate_heldout", "divergence_heldout"),
)
_CAPTION = (
    "Left: closed form W1 = |θ|, exact W1 of the held-out samples (crosses; the grey bars "
    "are its floor, mean ± 2 sd) and the critic's raw held-out estimate. Right: closed form "
    "(log 2, and 0 at θ = 0) and the discriminator's held-out estimate L/2 + log 2. Markers: "
    "mean over seeds; bars: smallest to largest seed."
)


def parallel_lines_figure(results: Results, name: str) -> Figure:
    """Return [WGAN] figure 1: W1 and Jensen-Shannon against theta, closed forms and estimates."""
    final = results.final()
    known = quantities(results)
    final = final.assign(
        theta=final["run"].map({run: _theta(results, run) for run in results.runs}),
        is_distance=is_distance(final, results),
        is_js=final["run"].map(known) == NonSaturating.quantity,
    )
    return drawn(
        name, "W1 and Jensen-Shannon divergence of parallel lines", _findings(final), _CAPTION,
        final[list(_DATA)], lambda: _drawing(final),
    )  # fmt: skip


def _theta(results: Results, run_id: str) -> float:
    data = results.runs[run_id].configuration.data
    assert isinstance(data, ParallelLines), "chosen by the data's name"
    return data.theta


def _findings(final: pd.DataFrame) -> list[Finding]:
    findings = []
    for label, group in final[final["is_distance"]].groupby("label"):
        error = (group["estimate_heldout"] - group["w1_true"]).abs()
        findings.append(
            f"{label}: the estimate is within {number(error.max(), 2)} of |θ| for all θ and seeds "
            f"(mean error {number(error.mean(), 2)})"
        )
    apart = final[final["is_js"] & (final["theta"] != 0)]
    for label, values in apart.groupby("label")["divergence_heldout"]:
        findings.append(
            f"{label}: over all θ ≠ 0 and seeds the Jensen-Shannon estimate lies between "
            f"{number(values.min(), 4)} and {number(values.max(), 4)} nats (log 2 = 0.6931)"
        )
    return [Finding(statement) for statement in findings]


def _drawing(final: pd.DataFrame) -> Drawing:
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4))
    _distances(left, final[final["is_distance"]], final)
    _divergences(right, final[final["is_js"]])
    for axes, corner in ((left, "upper center"), (right, "center")):
        axes.set_xlabel("θ, the shift between the lines")
        axes.legend(fontsize=8, loc=corner)
    return figure


def _distances(axes: Axes, critics: pd.DataFrame, final: pd.DataFrame) -> None:
    extent = max(final["theta"].abs().max(), 1e-3)
    line = np.linspace(-extent, extent, 201)
    axes.plot(line, [parallel_lines(t).w1 for t in line], c=INK, lw=1, label="closed form |θ|")
    exact = final.groupby("theta")[["w1", "floor", "floor_sd"]].mean()
    low = (exact["floor"] - 2 * exact["floor_sd"]).clip(lower=0)
    axes.vlines(
        exact.index, low, exact["floor"] + 2 * exact["floor_sd"], color=FLOOR, lw=7, label="floor"
    )
    axes.plot(exact.index, exact["w1"], "x", c=MUTED, ms=6, label="exact W1 of samples")
    _with_range(axes, critics, "estimate_heldout", "critic's estimate")
    axes.set_ylabel("W1")


def _divergences(axes: Axes, discriminators: pd.DataFrame) -> None:
    extent = max(discriminators["theta"].abs().max(), 1e-3) if len(discriminators) else 1.0
    log2 = parallel_lines(1.0).js
    for side in ([-extent, 0], [0, extent]):
        axes.plot(side, [log2, log2], c=INK, lw=1, label="closed form" if side[0] else None)
    axes.plot([0], [log2], "o", mfc="none", mec=INK, ms=5)
    axes.plot([0], [parallel_lines(0.0).js], "o", c=INK, ms=4)
    _with_range(axes, discriminators, "divergence_heldout", "discriminator's estimate")
    axes.set_ylabel("Jensen-Shannon divergence (nats)")


def _with_range(axes: Axes, table: pd.DataFrame, column: str, words: str) -> None:
    for label, (colour, marker) in looks(table["label"]).items():
        bars(
            axes, table[table["label"] == label], "theta", column, shift=1, c=colour,
            marker=marker, ls="", mfc="none", mec=colour, label=f"{label}, {words}",
        )  # fmt: skip
