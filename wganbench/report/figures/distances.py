"""Laws in the plane: exact W1 along training and where it ends."""

import pandas as pd

from wganbench.gather.load import Results
from wganbench.report.figures.histories import Course, courses
from wganbench.report.style.blocks import Cell, Figure, Finding, Table, to_svg
from wganbench.report.style.looks import drawing, in_order
from wganbench.report.style.wording import NOTHING, mean_sd, number

COURSE = Course("w1", "floor", "exact W1 (the law's unit of length)", 1e-12, "data")

_CAPTION = (
    "Generated against held-out samples. Line: mean over seeds; band: smallest to largest seed. "
    "Grey: the floor, exact W1 between two samples of the law, mean ± 2 sd. The methods take "
    "different numbers of critic steps, so the horizontal axis counts both players' gradient "
    "steps: iterations × (critic steps + 1)."
)
_TABLE_CAPTION = (
    "Mean ± standard deviation over the seeds that did not diverge, at the last evaluation point; "
    "the floor's deviation is over pairs of real samples."
)
_MODES_CAPTION = (
    " A mode is covered loosely if at least a fifth of its fair share of samples is nearer to it "
    "than a quarter of the modes' spacing, strictly if one sample is within three of its standard "
    "deviations; the last share counts all samples that are so near to some mode."
)


def distance_figure(results: Results, name: str) -> Figure:
    """Return exact W1 along training, a panel per law, with the floor."""
    table = results.evaluations[results.evaluations["ok"]].dropna(subset=["w1"])
    title, findings = "Exact W1 along training", _findings(results)
    with drawing():
        markup = to_svg(courses(table, COURSE), name, title, findings)
    return Figure(name, title, findings, _CAPTION, markup, COURSE.data(table))


def _findings(results: Results) -> list[Finding]:
    """Say where each method ends on each law."""
    final = results.final().dropna(subset=["w1"])
    ends: dict[str, dict[str, str]] = {}
    for law, of_law in final.groupby("data", sort=False):
        row = {str(label): mean_sd(of["w1"]) for label, of in of_law.groupby("label")}
        floor = _with_sd(of_law["floor"].mean(), of_law["floor_sd"].mean())
        ends[str(law)] = row | {"floor": floor}
    statement = "Exact W1 at the end, mean ± standard deviation over seeds"
    return [Finding(statement, ends)] if ends else []


def final_table(results: Results, name: str) -> Table:
    """Return the last exact W1 beside its floor, and the modes covered, by law and method."""
    final, facts = results.final(), results.facts
    has_modes = bool(final["modes"].notna().any())
    rows = []
    for law in dict.fromkeys(facts["data"]):
        for label in in_order(facts.loc[facts["data"] == law, "label"]):
            of = final[(final["data"] == law) & (final["label"] == label)]
            coverage = _coverage(of) if has_modes else []
            rows.append(
                [Cell(law), Cell(label), *_distances(of), *coverage, _seeds(results, law, label)]
            )
    columns = ["law", "method", "exact W1", "floor", "times the floor"]
    if has_modes:
        columns += ["modes, loosely", "modes, strictly", "samples within 3σ"]
    caption = _TABLE_CAPTION + (_MODES_CAPTION if has_modes else "")
    return Table(
        name, "Where training ends", caption, [*columns, "seeds"], rows, behind=list(results.runs)
    )


def _distances(final: pd.DataFrame) -> list[Cell]:
    floor, sd = final["floor"].mean(), final["floor_sd"].mean()
    return [
        _numeric(final["w1"]),
        Cell(_with_sd(floor, sd), None if final.empty else floor),
        _numeric(final["w1"] / final["floor"]),
    ]


def _coverage(final: pd.DataFrame) -> list[Cell]:
    modes = final["modes"].dropna()
    of_all = f" of {modes.iloc[0]:.0f}" if len(modes) else ""
    return [
        _numeric(final["modes_loose"], of_all, 2),
        _numeric(final["modes_strict"], of_all, 2),
        _numeric(100 * final["share_strict"], " %", 2),
    ]


def _numeric(values: pd.Series, unit: str = "", digits: int = 3) -> Cell:
    text = mean_sd(values, digits)
    return Cell(text) if text == NOTHING else Cell(text + unit, float(values.mean()))


def _with_sd(mean: float, sd: float) -> str:
    return NOTHING if pd.isna(mean) else f"{number(mean)} ± {number(sd, 2)}"


def _seeds(results: Results, law: str, label: str) -> Cell:
    facts = results.facts
    runs = facts.loc[(facts["data"] == law) & (facts["label"] == label), "run"]
    records = [results.records[run] for run in runs]
    ok, total = sum(len(r.ok_seeds()) for r in records), sum(len(r.seeds) for r in records)
    return Cell(str(total) if ok == total else f"{ok} of {total}; others diverged", ok)
