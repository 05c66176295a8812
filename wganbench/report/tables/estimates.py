"""How each method's estimate ranks and scales with exact W1."""

import pandas as pd

from wganbench.gather.load import Results
from wganbench.report.figures.estimates import Values, ranks, with_law
from wganbench.report.style.blocks import Table, measured, tabulated
from wganbench.report.style.looks import in_order
from wganbench.report.style.wording import mean_range

_CAPTION = (
    "Mean (smallest to largest seed) of Spearman's rank correlation along each seed's evaluation "
    "points, and of the last evaluation point's values. A correlation of 1 means that the estimate "
    "falls exactly when W1 does; fixed pairs have none, as their W1 does not vary. A dash: no "
    "value, as for a critic that is flat. A GAN's estimate is its logit gap, which claims nothing "
    "about W1."
)


def estimate_table(results: Results, name: str) -> Table:
    """Return a row per law and method."""
    table = with_law(results)
    columns = ranks(table) | _last_values(table[table["iteration"] == table["iterations"]])
    rows = [
        {"law": law, "method": label}
        | {
            heading: measured(pd.Series(values.get((law, label), []), dtype=float), 2, mean_range)
            for heading, values in columns.items()
        }
        for law in dict.fromkeys(table["law"])
        for label in in_order(table.loc[table["law"] == law, "label"])
    ]
    title = "How the estimate ranks and scales with exact W1"
    return tabulated(name, title, _CAPTION, rows, results.runs)


def _last_values(last: pd.DataFrame) -> dict[str, Values]:
    shown = {
        "estimate, raw": last["estimate_heldout"],
        "estimate, normalised": last["normalised"],
        "exact W1": last["w1"],
        "floor": last["floor"],
        "normalised / exact": last["normalised"] / last["w1"],
    }
    by = ["law", "label"]
    found = last.assign(**shown).groupby(by)[list(shown)].agg(list)
    return {
        heading: {(str(law), str(label)): values for (law, label), values in found[heading].items()}
        for heading in shown
    }
