"""Image fidelity: FID along training."""

from collections.abc import Iterator

import pandas as pd

from wganbench.gather.load import Results
from wganbench.report.figures.histories import History
from wganbench.report.style.blocks import Figure, Finding, drawn, worded
from wganbench.report.style.wording import mean_sd, number, with_sd

HISTORY = History("fid", "fid_floor", "FID", 1e-3, "architecture")
_CAPTION = (
    "Generated against held-out images. Line: mean over seeds; band: smallest to largest seed. "
    "Grey: the floor, training images against the same held-out ones, mean ± 2 sd. The horizontal "
    "axis counts the gradient steps of both players, the critic's warm-up included."
)


def by_space(results: Results, name: str) -> Iterator[tuple[pd.DataFrame, str, str]]:
    """Yield the evaluations with an FID in each feature space: numbers of two do not compare.

    With each comes its extractor and a name of its own.
    """
    measured = results.evaluations[results.evaluations["ok"]].dropna(subset=["fid"])
    for k, (extractor, table) in enumerate(measured.groupby("extractor", sort=False)):
        yield table, str(extractor), f"{name}-{k}" if k else name


def fid_figure(table: pd.DataFrame, extractor: str, name: str) -> Figure:
    """Return FID along training, a panel per architecture, with the floor."""
    title = f"FID along training, in the space of {extractor}"
    return drawn(
        name, title, _findings(table), _CAPTION, HISTORY.data(table), lambda: HISTORY.draw(table)
    )


def at_the_end(table: pd.DataFrame) -> pd.DataFrame:
    """Return the last evaluations of seeds that got so far."""
    return table[table["iteration"] == table["iterations"]]


def span(values: pd.Series) -> str:
    """Return "500" or "500 to 1,000"."""
    low, high = values.min(), values.max()
    return f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"


def _findings(table: pd.DataFrame) -> list[Finding]:
    """State where each method ends with each architecture."""
    final = at_the_end(table)
    if final.empty:
        return []
    ends = {
        str(architecture): worded(group, "label", "fid", text=mean_sd)
        for architecture, group in final.groupby("architecture", sort=False)
    }
    statement = (
        f"FID at the end on {span(final['n'])} generated and as many held-out images, mean ± "
        "standard deviation over seeds; the floor is "
        f"{with_sd(final['fid_floor'], final['fid_floor_sd'])}"
    )
    means = final.groupby(["label", "architecture"])["fid"].mean()
    low, high = (", ".join(means.index[int(k)]) for k in (means.argmin(), means.argmax()))
    extremes = (
        f"The lowest is {number(means.min())} ({low}), the highest {number(means.max())} ({high})"
    )
    return [Finding(statement, ends), Finding(extremes)]
