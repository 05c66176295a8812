"""Laws in the plane: where training ends, and the modes that are covered."""

import pandas as pd

from wganbench.gather.load import Results
from wganbench.report.style.blocks import Cell, Table, TableRow, floor_cell, measured, tabulated
from wganbench.report.style.looks import by_label

_CAPTION = (
    "Mean ± standard deviation over the seeds that did not diverge, at the last evaluation point; "
    "the floor's deviation is over pairs of real samples."
)
_MODES_CAPTION = (
    " A mode is covered loosely if at least a fifth of its fair share of samples is nearer to it "
    "than a quarter of the modes' spacing, strictly if one sample is within three of its standard "
    "deviations; the last share counts all samples that are so near to some mode."
)


def final_table(results: Results, name: str) -> Table:
    """Return the last exact W1 beside its floor, and the modes covered, by law and method."""
    final, facts = results.final(), results.facts
    has_modes = bool(final["modes"].notna().any())
    rows: list[TableRow] = []
    for law, on_law in facts.groupby("data", sort=False):
        for label, facts_here in by_label(on_law):
            seeds = final[final["run"].isin(facts_here["run"])]
            rows.append(
                {
                    "law": str(law),
                    "method": label,
                    "exact W1": measured(seeds["w1"]),
                    "floor": floor_cell(seeds),
                    "times the floor": measured(seeds["w1"] / seeds["floor"]),
                    **(_coverage(seeds) if has_modes else {}),
                    "seeds": _seeds(results, facts_here["run"]),
                }
            )
    caption = _CAPTION + (_MODES_CAPTION if has_modes else "")
    return tabulated(name, "Where training ends", caption, rows, results.runs)


def _coverage(final: pd.DataFrame) -> dict[str, Cell]:
    modes = final["modes"].dropna()
    out_of = f" of {modes.iloc[0]:.0f}" if len(modes) else ""
    return {
        "modes, loosely": measured(final["modes_loose"], 2, unit=out_of),
        "modes, strictly": measured(final["modes_strict"], 2, unit=out_of),
        "samples within 3σ": measured(100 * final["share_strict"], 2, unit=" %"),
    }


def _seeds(results: Results, runs: pd.Series) -> Cell:
    records = [results.records[run] for run in runs]
    ok, total = sum(len(r.ok_seeds()) for r in records), sum(len(r.seeds) for r in records)
    return Cell(str(total) if ok == total else f"{ok} of {total}; others diverged", ok)
