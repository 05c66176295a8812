"""The exact Jensen-Shannon divergence along a training on the line, and what critics know of it."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from wganbench.claims.js_optimised import JS
from wganbench.claims.judging.fits import best, exact
from wganbench.claims.log_d_trick import goal
from wganbench.gather.affine import LINE
from wganbench.gather.load import Results
from wganbench.gather.measures import measured
from wganbench.gather.selection import chosen
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn
from wganbench.report.style.looks import INK, MUTED, looks
from wganbench.report.style.marks import SPREAD, band, entry, logarithmic
from wganbench.report.style.wording import mean_range, number

DOUBLED = 2  # [fGAN]'s JS is twice the usual one
COMPARED = ("minimax", "non-saturating", "wasserstein")
_DATA = ("run", "label", "seed", "iteration", "mean", "sd", "js", "learned")
_CAPTION = (
    "A Gaussian, x = μ + σz, learns [fGAN]'s mixture. Left: Jensen-Shannon divergence between the "
    "two laws themselves, by quadrature, at each evaluation; no model lies below the dashed line, "
    "the least that a Gaussian can have. Dotted: where the -log D trick leads with the best "
    "discriminator, to the least KL(model || data) - 2 JS. Right: what the discriminator knows of "
    "it, its bound L/2 + log 2 integrated under both laws, as a share of the divergence; 1 is the "
    "best discriminator. Lines: mean over seeds; bands: smallest to largest."
)


def js_figure(results: Results, name: str) -> Iterator[Figure]:
    """Yield the figure if there are GANs or WGANs of two parameters."""
    where = {**LINE, "objective.name": list(COMPARED)}
    part = results.select(chosen(results.settings, where)["run"]) if results.runs else results
    if not part.runs:
        return
    table = _table(part)
    yield drawn(
        name, "Was the Jensen-Shannon divergence ever optimised?", list(_findings(table)),
        _CAPTION, table[list(_DATA)], lambda: _drawing(table),
    )  # fmt: skip


def _table(part: Results) -> pd.DataFrame:
    """Return a row for each evaluation: the model's law, its divergence, the critic's bound."""
    key = ["run", "seed", "iteration"]
    parts = [
        measured(part, measure).rename(columns={"value": column})
        for measure, column in (
            ("model_mean", "mean"), ("model_sd", "sd"), ("learned_js", "learned"),
        )
    ]  # fmt: skip
    table = parts[0].merge(parts[1], on=key).merge(parts[2], on=key, how="left")
    laws = zip(table["mean"], table["sd"], strict=True)
    facts = part.facts[["run", "label"]]
    table = table.assign(js=[exact(JS, *law) / DOUBLED for law in laws]).merge(facts, on="run")
    return table.assign(share=table["learned"] / table["js"])


def _findings(table: pd.DataFrame) -> Iterator[Finding]:
    ends = table[table["iteration"] == table.groupby("run")["iteration"].transform("max")]
    least = best(JS).divergence / DOUBLED
    values = {}
    for label, rows in table.groupby("label", sort=False):
        last = ends[ends["label"] == label]
        values[str(label)] = {
            "at the end": mean_range(last["js"], 4),
            "least on the way": mean_range(rows.groupby("seed")["js"].min(), 4),
            "known to its discriminator, median over the training": number(rows["share"].median()),
        }
    yield Finding(
        "Exact Jensen-Shannon divergence in nats, mean (smallest to largest) over seeds; the least "
        f"that a Gaussian can have is {least:.4f}",
        values,
    )


def _drawing(table: pd.DataFrame) -> Drawing:
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
    known = looks(table["label"])
    for label, (colour, _) in known.items():
        rows = table[table["label"] == label]
        band(left, rows.groupby("iteration")["js"].agg(SPREAD), colour)
        if rows["share"].notna().any():
            band(right, rows.groupby("iteration")["share"].agg(SPREAD), colour)
    _levels(left, table)
    right.axhline(1, c=INK, ls="--", lw=1)
    right.set_ylim(min(0.0, table["share"].min()), 1.05)
    left.set_ylabel("exact JS (nats)")
    right.set_ylabel("discriminator's bound / exact JS")
    figure.supxlabel("generator steps", fontsize=9)
    entries = [entry(label, c=colour) for label, (colour, _) in known.items()]
    entries.append(entry("least of a Gaussian", c=INK, ls="--", lw=1))
    entries.append(entry("least reverse KL - 2 JS", c=MUTED, ls=":", lw=1.2))
    figure.legend(handles=entries, loc="outside upper left", ncols=3)
    return figure


def _levels(axes: Axes, table: pd.DataFrame) -> None:
    fit = goal()
    trick = exact(JS, fit.mean, fit.sd) / DOUBLED
    axes.axhline(best(JS).divergence / DOUBLED, c=INK, ls="--", lw=1)
    axes.axhline(trick, c=MUTED, ls=":", lw=1.2)
    logarithmic(axes.yaxis, table["js"], trick)
