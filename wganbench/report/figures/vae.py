"""[VAE] figures 2 and 5: the bound along training, and images beside those of GANs."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.ndimage import gaussian_filter

from wganbench.gather.load import Results
from wganbench.gather.measures import measured
from wganbench.gather.measures.sharpness import laplacian_variance
from wganbench.gather.selection import VAE, chosen
from wganbench.gather.statistics import median_filtered, window_iterations
from wganbench.grey_levels import floats_of
from wganbench.plan.configuration import Configuration
from wganbench.report.figures.sheets import Slot, image_sheets
from wganbench.report.style.blocks import Block, Drawing, Figure, Finding, drawn, rows_of
from wganbench.report.style.looks import INK, MUTED, by_label, colours, in_order, looks
from wganbench.report.style.marks import SPREAD, band, entry, logarithmic
from wganbench.report.style.wording import mean_range, number

BLUR = 0.5  # pixels: what the claim's threshold is about
TERMS = {"elbo": "bound on log p(x)", "kl": "divergence from the prior"}
WIDTH, HEIGHT, ROW = 3.4, 1.9, 0.34  # inches
_SHARPNESS_CAPTION = (
    "Mean over images of the variance of their Laplacian (a pixel's four neighbours less four "
    "times itself), over that of held-out real images, at the last evaluation: a dot for each "
    "seed, a stroke at their mean. Dashed: 1, real images. Dotted: the same real images after a "
    "Gaussian blur of half a pixel. Left of it images are blurred; right of 1 they are rougher "
    "than real ones, as with noise. A VAE's images are its decoder's means: with their pixels' "
    "noise they would be rougher."
)
_BOUND_CAPTION = (
    "On training batches, mean over seeds and smallest to largest, median-filtered as the critics' "
    "curves are. Each likelihood has its own scale: the Gaussian's is a density of grey levels in "
    "[-1, 1], Bernoulli's counts them as shares of black and white, so that bounds compare within "
    "a column alone. The paper's figure 2 shows the bound on MNIST and on faces, by the size of "
    "the latent."
)


def decoder(configuration: Configuration) -> str:
    """Return what a generator is called beside other methods' of the same kind."""
    generator = configuration.generator
    assert generator is not None, "whoever makes images has one"
    norm = {"batch": ", batch norm", "none": ", no batch norm"}
    return f"{generator.name.upper()} generator{norm.get(getattr(generator, 'norm', ''), '')}"


def vae_figures(results: Results, name: str) -> Iterator[Block]:
    """Yield images of a VAE beside those of GANs with its decoder, and how sharp they are."""
    images = results.where(kind="images")
    if images.facts.empty:
        return
    facts = images.facts
    decoders = [decoder(images.runs[run].configuration) for run in facts["run"]]
    slots = {
        str(run): Slot(row, str(label))
        for run, row, label in zip(facts["run"], decoders, facts["label"], strict=True)
    }
    yield image_sheets(images, f"{name}-sheets", slots)
    yield from _sharpness_figure(images, f"{name}-sharpness", slots)


def _sharpness_figure(results: Results, name: str, slots: dict[str, Slot]) -> Iterator[Figure]:
    values = measured(results, "sharpness")
    if values.empty:
        return
    last = values.groupby(["run", "seed"]).tail(1)
    table = last.assign(
        label=last["run"].map({run: slot.column for run, slot in slots.items()}),
        decoder=last["run"].map({run: slot.row for run, slot in slots.items()}),
    )
    blurred = _of_blurred(results, str(table["run"].iloc[0]))
    statement = (
        "Sharpness relative to real images, mean (smallest to largest) over seeds; of real images "
        f"after a blur of half a pixel it is {number(blurred, 2)}"
    )
    found = rows_of(
        (str(words), label, mean_range(seeds["value"], 2))
        for words, rows in table.groupby("decoder", sort=False)
        for label, seeds in by_label(rows)
    )
    title = "How sharp images are: variance of the Laplacian over that of real images"
    yield drawn(
        name, title, [Finding(statement, found)], _SHARPNESS_CAPTION, table,
        lambda: _sharpness_drawing(table, blurred),
    )  # fmt: skip


def _of_blurred(results: Results, run: str) -> float:
    """Return how much of their own sharpness real images keep after a blur of half a pixel."""
    real = floats_of(results.samples(run).real)
    blurred = gaussian_filter(real, (0, 0, BLUR, BLUR))
    return float(laplacian_variance(blurred).mean() / laplacian_variance(real).mean())


def _sharpness_drawing(table: pd.DataFrame, blurred: float) -> Drawing:
    decoders, labels = list(dict.fromkeys(table["decoder"])), in_order(table["label"])
    size = (WIDTH * len(decoders) + 1.6, ROW * len(labels) + 1.3)
    figure, grid = plt.subplots(1, len(decoders), figsize=size, sharey=True, squeeze=False)
    look = looks(labels)
    for words, axes in zip(decoders, grid[0], strict=True):
        panel = table[table["decoder"] == words]
        for label, seeds in by_label(panel):
            height, (ink, marker) = labels.index(label), look[label]
            places = np.full(len(seeds), height)
            axes.plot(seeds["value"], places, marker, c=ink, ms=4.5, mec="none", alpha=0.7)
            axes.plot(seeds["value"].mean(), height, "|", c=ink, ms=15, mew=2)
        axes.axvline(1, c=INK, ls="--", lw=1)
        axes.axvline(blurred, c=INK, ls=":", lw=1)
        logarithmic(axes.xaxis, table["value"], 1, blurred)
        axes.set(title=words, xlabel="sharpness / that of real images")
    grid[0, 0].set_yticks(range(len(labels)), labels)
    grid[0, 0].set_ylim(len(labels) - 0.5, -0.5)
    lines = {"--": "real images", ":": "real images, blurred by half a pixel"}
    marks = [entry(words, c=INK, ls=style, lw=1) for style, words in lines.items()]
    figure.legend(handles=marks, loc="outside upper left", ncols=2)
    return figure


def bound_figure(results: Results, name: str) -> Iterator[Figure]:
    """Yield the bound along training, if a VAE was trained."""
    if not results.runs:
        return
    runs = chosen(results.settings, VAE)["run"]
    curves = results.curves[results.curves["ok"] & results.curves["run"].isin(runs)]
    if curves.empty:
        return
    curves = curves.sort_values(["run", "seed", "iteration"])
    known = {run: planned.configuration for run, planned in results.runs.items()}
    table = curves.assign(
        likelihood=curves["run"].map({run: _likelihood(known[run]) for run in set(curves["run"])}),
        decoder=curves["run"].map({run: decoder(known[run]) for run in set(curves["run"])}),
        **{term: _filtered(curves, term) for term in TERMS},
    )
    by = ["run", "likelihood", "decoder", "iteration"]
    bands = table.groupby(by, sort=False)[list(TERMS)].agg(SPREAD)
    data = pd.concat({term: bands[term] for term in TERMS}, names=["term"]).reset_index()
    ends = table[table["iteration"] == table["iterations"]]
    found = rows_of(
        (f"{words}, {likelihood}", text, mean_range(seeds[term], 3))
        for (words, likelihood), seeds in ends.groupby(["decoder", "likelihood"], sort=False)
        for term, text in TERMS.items()
    )
    finding = Finding("Nats per image at the end, mean (smallest to largest) over seeds", found)
    title = "The lower bound on log p(x) along training"
    yield drawn(name, title, [finding], _BOUND_CAPTION, data, lambda: _bound_drawing(data))


def _likelihood(configuration: Configuration) -> str:
    return f"{configuration.get('likelihood').title()} likelihood"


def _filtered(curves: pd.DataFrame, term: str) -> pd.Series:
    parts = [
        median_filtered(
            history[term],
            window_iterations(int(history["iterations"].iloc[0])),
            int(history["log_every"].iloc[0]),
        )
        for _, history in curves.groupby(["run", "seed"])
    ]
    filtered: pd.Series = pd.concat(parts)
    return filtered


def _bound_drawing(data: pd.DataFrame) -> Drawing:
    likelihoods = list(dict.fromkeys(data["likelihood"]))
    colour = colours(dict.fromkeys(data["decoder"]))
    size = (WIDTH * len(likelihoods) + 0.9, HEIGHT * len(TERMS) + 0.8)
    figure, grid = plt.subplots(len(TERMS), len(likelihoods), figsize=size, squeeze=False)
    for column, likelihood in zip(grid.T, likelihoods, strict=True):
        column[0].set_title(likelihood)
        for axes, term in zip(column, TERMS, strict=True):
            panel = data[(data["likelihood"] == likelihood) & (data["term"] == term)]
            _bound_panel(axes, panel, colour)
    for axes, words in zip(grid[:, 0], TERMS.values(), strict=True):
        axes.set_ylabel(f"{words}\n(nats per image)")
    figure.align_ylabels(grid[:, 0])
    figure.supxlabel("iteration", fontsize=9)
    entries = [entry(words, c=ink) for words, ink in colour.items()]
    figure.legend(handles=entries, loc="outside upper left", ncols=2)
    return figure


def _bound_panel(axes: Axes, panel: pd.DataFrame, colour: dict[str, str]) -> None:
    """Draw each decoder's band; the first few steps, far below all others, may be cut."""
    for words, rows in panel.groupby("decoder", sort=False):
        band(axes, rows.set_index("iteration"), colour[str(words)])
    late = panel[panel["iteration"] > panel["iteration"].max() / 50]
    low, high = float(late["min"].min()), float(late["max"].max())
    axes.set_ylim(low - 0.05 * (high - low), high + 0.05 * (high - low))
    axes.axhline(0, c=MUTED, lw=0.6)
