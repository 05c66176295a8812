"""[Cramer] theorem 1: losses between minibatches, by batch size and over time."""

from collections.abc import Iterator, Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from jaxtyping import Float
from matplotlib.axes import Axes
from scipy.stats import binom

from wganbench.gather.load import Results
from wganbench.gather.measures import measured
from wganbench.report.figures.scores import same_conditions
from wganbench.report.style.blocks import Drawing, Figure, Finding, compared, drawn
from wganbench.report.style.looks import MUTED, looks, ordered_looks
from wganbench.report.style.marks import (
    RANGE,
    bars_by,
    entry,
    handles,
    lines,
    logarithmic,
    placed,
)
from wganbench.report.style.wording import number

NAMES = {"exact-ot": "exact W1", "sinkhorn": "Sinkhorn", "mmd": "MMD", "energy": "energy distance"}
TARGET = 0.7  # of the Bernoulli law: small batches' medians lie on both sides of it
BATCHES = (1, 2, 5, 25)
GRID = np.linspace(0, 1, 401)
WIDTH, HEIGHT = 3.4, 2.9  # inches of a panel
_MEAN_CAPTION = (
    f"The data are 1 with probability {TARGET}, else 0; the model is 1 with probability theta. "
    "Line: the loss between the model and a batch of data, its mean over all batches of that size, "
    "computed. Mark: its least value. Dotted: the data's theta. No run stands behind it. For one "
    "sample W1's best model is a constant; the energy distance's is right for every size."
)
_OVER = "Exact W1 of the samples at {at}, over the floor: 1 is as near as real samples are. "
_TUNED = "Each method and batch size at the best of its learning rates. "


def sample_loss_figures(results: Results, name: str) -> Iterator[Figure]:
    """Yield the theorem's own example, and what batch size and time do to trained generators."""
    yield _bias_figure(f"{name}-bias")
    losses = {
        run: NAMES.get(loss.name, loss.name)
        for run, planned in results.runs.items()
        if (loss := getattr(planned.configuration.algorithm, "loss", None))
    }
    if not losses:
        return
    table = _table(results, losses)
    ends = table[table["iteration"] == table["iterations"]]
    yield drawn(
        f"{name}-batches", "W1 over its floor by loss and batch size", _findings(ends),
        _OVER.format(at="the end") + RANGE + _TUNED + "Methods with a critic have one batch size.",
        ends, lambda: _by_batch(ends),
    )  # fmt: skip
    if same_conditions(results):
        yield drawn(
            f"{name}-seconds", "W1 over its floor over training seconds", _spent(table),
            _OVER.format(at="evaluations") + "Line: mean over seeds; band: smallest to largest. "
            + _TUNED + "Seconds are those of training steps, of all of a run's seeds, which train "
            "at once. Methods with a critic, at their one batch size, stand in every panel.",
            table, lambda: _over_time(table),
        )  # fmt: skip


def mean_losses(batch: int) -> dict[str, Float[np.ndarray, " theta"]]:
    """Return the mean W1 and energy distance of a batch and the law of theta, for the grid.

    Between Bernoulli laws these are |a - theta| and 2 (a - theta)^2.
    """
    counts = np.arange(batch + 1)
    weights = binom.pmf(counts, batch, TARGET)
    off = counts[:, None] / batch - GRID
    return {"W1": weights @ np.abs(off), "energy distance": weights @ (2 * off**2)}


def _bias_figure(name: str) -> Figure:
    rows = [
        {"loss": loss, "batch": batch, "theta": theta, "mean_loss": value}
        for batch in BATCHES
        for loss, values in mean_losses(batch).items()
        for theta, value in zip(GRID, values, strict=True)
    ]
    table = pd.DataFrame(rows)
    least = table.loc[table.groupby(["loss", "batch"], sort=False)["mean_loss"].idxmin()]
    values = {
        str(loss): {
            f"batch {batch}": number(float(theta))
            for batch, theta in zip(group["batch"], group["theta"], strict=True)
        }
        for loss, group in least.groupby("loss", sort=False)
    }
    statement = f"Where the mean loss of a batch is least, the data's theta being {TARGET}"
    title = "The mean loss of minibatches is least at another law"
    return drawn(
        name, title, [Finding(statement, values)], _MEAN_CAPTION, table,
        lambda: _bias_drawing(table, least),
    )  # fmt: skip


def _bias_drawing(table: pd.DataFrame, least: pd.DataFrame) -> Drawing:
    known = ordered_looks(BATCHES)
    figure, grid = plt.subplots(1, 2, figsize=(2 * WIDTH + 0.4, HEIGHT))
    for axes, (loss, rows) in zip(grid, table.groupby("loss", sort=False), strict=True):
        for batch, (colour, marker) in known.items():
            curve = rows[rows["batch"] == batch]
            axes.plot(curve["theta"], curve["mean_loss"], c=colour)
            best = least[(least["loss"] == loss) & (least["batch"] == batch)]
            axes.plot(
                best["theta"], best["mean_loss"], c=colour, marker=marker, ms=7, clip_on=False
            )
        axes.axvline(TARGET, c=MUTED, ls=":", lw=1)
        axes.set(title=loss, xlabel="theta of the model", xlim=(0, 1), ylim=(0, None))
    grid[0].set_ylabel("mean loss")
    shown = {f"batch {batch:g}": look for batch, look in known.items()}
    figure.legend(handles=handles(shown, ms=6), loc="outside upper left", ncols=len(shown))
    return figure


def _table(results: Results, losses: Mapping[str, str]) -> pd.DataFrame:
    """Return the evaluations on laws of experiments with such losses, `seconds` beside.

    Args:
        results: of these and other runs.
        losses: what a run without a critic goes down, by its id.
    """
    experiments = set(results.facts.loc[results.facts["run"].isin(losses), "experiment"])
    part = results.among(experiments).where(kind="law")
    table = part.evaluations[part.evaluations["ok"]]
    labels = table["run"].map(losses).fillna(table["label"])
    batch = table["run"].map(lambda run: results.runs[run].configuration.batch_size)
    floor = table.groupby("run")["floor"].transform("mean")
    table = table.assign(
        label=labels, batch_size=batch, w1_over_floor=table["w1"] / floor,
        has_critic=~table["run"].isin(losses),
    )  # fmt: skip
    spent = measured(part, "training_seconds").rename(columns={"value": "seconds"})
    table = table.merge(spent, on=["run", "seed", "iteration"])
    return table[[
        "run", "label", "batch_size", "has_critic", "seed", "iteration", "iterations", "seconds",
        "w1", "floor", "w1_over_floor",
    ]]  # fmt: skip


def _findings(ends: pd.DataFrame) -> list[Finding]:
    ends = ends.sort_values("batch_size")
    rows = ends.assign(column=ends["batch_size"].map("batch {:g}".format))
    values = {
        str(batch): by_label
        for batch, by_label in compared(rows, "column", "w1_over_floor").items()
    }
    return [Finding("Exact W1 over the floor, mean (smallest to largest) seed", values)]


def _by_batch(ends: pd.DataFrame) -> Drawing:
    known = looks(ends["label"])
    figure, axes = plt.subplots(figsize=(6.6, 3.4))
    bars_by(axes, ends, "batch_size", "w1_over_floor", "label", known, aside=1.06)
    placed(axes, ends["batch_size"])
    logarithmic(axes.yaxis, ends["w1_over_floor"], 1.0)
    axes.axhline(1, c=MUTED, lw=0.8)
    axes.set(xlabel="batch size", ylabel="W1 / floor")
    entries = [*handles(known, ms=6), entry("floor", c=MUTED, lw=0.8)]
    figure.legend(handles=entries, loc="outside right upper")
    return figure


def _spent(table: pd.DataFrame) -> list[Finding]:
    spent = table.groupby(["run", "label", "batch_size"], sort=False)["seconds"].max()
    ends = spent.reset_index()
    values = {
        f"batch {batch:g}": {
            label: f"{number(float(seconds))} s"
            for label, seconds in zip(rows["label"], rows["seconds"], strict=True)
        }
        for batch, rows in ends.sort_values("batch_size").groupby("batch_size")
    }
    return [Finding("Training seconds of each run, all of its seeds together", values)]


def _over_time(table: pd.DataFrame) -> Drawing:
    batches = sorted(set(table.loc[~table["has_critic"], "batch_size"]))
    known = looks(table["label"])
    size = (WIDTH * len(batches) + 0.4, HEIGHT + 0.5)
    figure, grid = plt.subplots(1, len(batches), figsize=size, sharey=True, squeeze=False)
    for axes, batch in zip(grid[0], batches, strict=True):
        panel = table[table["has_critic"] | (table["batch_size"] == batch)]
        _time_panel(axes, panel, list(known), table)
        axes.set(title=f"batch size {batch:g}", xlabel="training seconds")
    grid[0, 0].set_ylabel("W1 / floor")
    figure.legend(handles=handles(known, ms=5), loc="outside upper left", ncols=4)
    return figure


def _time_panel(axes: Axes, panel: pd.DataFrame, labels: list[str], whole: pd.DataFrame) -> None:
    lines(axes, panel, "seconds", "w1_over_floor", labels)
    logarithmic(axes.yaxis, whole["w1_over_floor"], 1.0)
    axes.set_xlim(0, None)
    axes.axhline(1, c=MUTED, lw=0.8)
