"""Laws in the plane: where training ends, and the modes that are covered."""

import pandas as pd

from wganbench.gather.load import Results
from wganbench.report.style.blocks import Cell, Table
from wganbench.report.style.looks import in_order
from wganbench.report.style.wording import NOTHING, mean_sd, with_sd

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
    rows = []
    for law, on_law in facts.groupby("data", sort=False):
        for label in in_order(on_law["label"]):
            seeds = final[(final["data"] == law) & (final["label"] == label)]
            rows.append(
                [
                    Cell(str(law)), Cell(label), *_distances(seeds),
                    *(_coverage(seeds) if has_modes else ()),
                    _seeds(results, on_law.loc[on_law["label"] == label, "run"]),
                ]
            )  # fmt: skip
    modes = ["modes, loosely", "modes, strictly", "samples within 3σ"] if has_modes else []
    columns = ["law", "method", "exact W1", "floor", "times the floor", *modes, "seeds"]
    caption = _CAPTION + (_MODES_CAPTION if has_modes else "")
    return Table(name, "Where training ends", caption, columns, rows, behind=list(results.runs))


def _distances(final: pd.DataFrame) -> list[Cell]:
    floor = None if final.empty else float(final["floor"].mean())
    return [
        _numeric(final["w1"]),
        Cell(with_sd(final["floor"], final["floor_sd"]), floor),
        _numeric(final["w1"] / final["floor"]),
    ]


def _coverage(final: pd.DataFrame) -> list[Cell]:
    modes = final["modes"].dropna()
    out_of = f" of {modes.iloc[0]:.0f}" if len(modes) else ""
    return [
        _numeric(final["modes_loose"], out_of, 2),
        _numeric(final["modes_strict"], out_of, 2),
        _numeric(100 * final["share_strict"], " %", 2),
    ]


def _numeric(values: pd.Series, unit: str = "", digits: int = 3) -> Cell:
    text = mean_sd(values, digits)
    return Cell(text) if text == NOTHING else Cell(text + unit, float(values.mean()))


def _seeds(results: Results, runs: pd.Series) -> Cell:
    records = [results.records[run] for run in runs]
    ok, total = sum(len(r.ok_seeds()) for r in records), sum(len(r.seeds) for r in records)
    return Cell(str(total) if ok == total else f"{ok} of {total}; others diverged", ok)
