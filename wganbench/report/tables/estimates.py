"""How each method's estimate ranks and scales with exact W1."""

from wganbench.gather.load import Results
from wganbench.report.figures.estimates import RANKS, SEED, ranks, with_law
from wganbench.report.style.blocks import Table, TableRow, measured, tabulated
from wganbench.report.style.looks import by_label
from wganbench.report.style.wording import mean_range

LAST = {
    "estimate_heldout": "estimate, raw",
    "normalised": "estimate, normalised",
    "w1": "exact W1",
    "floor": "floor",
    "over": "normalised / exact",
}
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
    last = table[table["iteration"] == table["iterations"]]
    last = last.assign(over=last["normalised"] / last["w1"])
    seeds = ranks(table).merge(last[[*SEED, *LAST]].rename(columns=LAST), on=SEED, how="left")
    columns = [*(words for words in RANKS if seeds[words].notna().any()), *LAST.values()]
    rows: list[TableRow] = [
        {"law": str(law), "method": label}
        | {words: measured(group[words], 2, mean_range) for words in columns}
        for law, on_law in seeds.groupby("law", sort=False)
        for label, group in by_label(on_law)
    ]
    title = "How the estimate ranks and scales with exact W1"
    return tabulated(name, title, _CAPTION, rows, results.runs)
