"""Tables of critics that differ in one setting: batch norm, the optimiser."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from wganbench.gather.study import only_varying, ratios, varying
from wganbench.report.style.blocks import Cell, Table
from wganbench.report.style.wording import listed, mean_range, with_sd

_COLUMNS = {
    "estimate_heldout": "raw estimate",
    "gradient_norm_max": "largest gradient norm",
    "normalised": "normalised",
    "w1": "exact W1",
    "floor": "floor",
    "raw over": "raw / reference",
    "normalised over": "normalised / reference",
    "seconds": "seconds to the stop",
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
    over = {"raw over": "estimate_heldout", "normalised over": "normalised"}
    table = table.assign(**keys, **{name: ratios(table, column) for name, column in over.items()})
    pairs = sorted(set(table["pair"]))
    columns = {"label": "method", **{key: key for key in keys}}
    if len(pairs) > 1:
        columns = {"pair": "pair", **columns}
    rows = [
        [*(Cell(str(value)) for value in values), *(_cell(group, column) for column in _COLUMNS)]
        for values, group in table.groupby(list(columns))
    ]
    return Table(
        name, f"{title} ({listed(pairs)})", caption, [*columns.values(), *_COLUMNS.values()], rows,
        behind=sorted(set(table["run"])),
    )  # fmt: skip


def _cell(rows: pd.DataFrame, column: str) -> Cell:
    values = rows[column].astype(float)
    known = values[np.isfinite(values)]
    mean = float(known.mean()) if len(known) else None
    if column == "floor":
        return Cell(with_sd(known, rows["floor_sd"]), mean)
    return Cell(mean_range(known), mean)
