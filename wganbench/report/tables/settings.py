"""Tables of critics that differ in one setting: batch norm, the optimiser."""

from collections.abc import Iterator

import pandas as pd

from wganbench.gather.study import only_varying, ratios, varying
from wganbench.report.style.blocks import Cell, Table, floor_cell, measured, tabulated
from wganbench.report.style.wording import listed, mean_range

_MEASURED = {
    "raw estimate": "estimate_heldout",
    "largest gradient norm": "gradient_norm_max",
    "normalised": "normalised",
    "exact W1": "w1",
}
_CAPTION = (
    "Mean (smallest to largest) over seeds; the floor's mean ± standard deviation is over samples. "
    "Reference: the true W1 where it is known, else exact W1 of the same samples."
)


def norm_tables(ends: pd.DataFrame) -> Iterator[Table]:
    """Yield the table of the runs that vary the critic's normalisation."""
    table = varying(ends, "critic.norm")
    if table.empty:
        return
    clipped = table["constraint.norm_parameters"].map({True: "yes", False: "no"}).fillna("–")
    keys = {
        "critic's norm": table["critic.norm"],
        "its scales clipped": clipped.where(table["critic.norm"] != "none", "–"),
    }
    caption = (
        f"{_CAPTION} With batch norm a critic is not a function of one sample: its values are "
        "those on batches of the training size, and its gradient norm is that of a batch's summed "
        "output."
    )
    yield _settings_table(table, "study-norm", "Batch norm in the critic", caption, keys)


def optimizer_tables(ends: pd.DataFrame) -> Iterator[Table]:
    """Yield the table of the runs that vary the optimiser, which are variants."""
    table = only_varying(ends, "variant")
    if not table.empty:
        keys = {"optimiser": table["variant"].str.replace("adam-", "adam, beta1 = ")}
        title = "Which optimiser for the critic?"
        yield _settings_table(table, "study-optimizer", title, _CAPTION, keys)


def _settings_table(
    table: pd.DataFrame, name: str, title: str, caption: str, keys: dict[str, pd.Series]
) -> Table:
    pairs = sorted(set(table["pair"]))
    table = table.assign(method=table["label"], **keys)
    columns = [*(["pair"] if len(pairs) > 1 else []), "method", *keys]
    rows = [
        dict(zip(columns, map(str, values), strict=True)) | _cells(group)
        for values, group in table.groupby(columns)
    ]
    return tabulated(name, f"{title} ({listed(pairs)})", caption, rows, table["run"])


def _cells(rows: pd.DataFrame) -> dict[str, Cell]:
    return {
        **{words: measured(rows[key], text=mean_range) for words, key in _MEASURED.items()},
        "floor": floor_cell(rows),
        "raw / reference": measured(ratios(rows, "estimate_heldout"), text=mean_range),
        "normalised / reference": measured(ratios(rows, "normalised"), text=mean_range),
        "seconds to the stop": measured(rows["seconds"], text=mean_range),
    }
