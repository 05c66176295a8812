"""Image fidelity: FID along training, and every metric beside what real images get."""

from collections.abc import Iterator

import pandas as pd

from wganbench.gather.load import Results, told
from wganbench.gather.statistics import rank_correlation
from wganbench.report.figures.histories import Course, courses
from wganbench.report.style.blocks import Block, Cell, Figure, Finding, Table, to_svg
from wganbench.report.style.looks import drawing
from wganbench.report.style.wording import NOTHING, mean_range, mean_sd, number

COURSE = Course("fid", "fid_floor", "FID", 1e-3, "architecture")
# Column of the frame, heading, whether a floor is known, digits.
METRICS = (
    ("fid", "FID", True, 3),
    ("fid_best", "FID, best", False, 3),
    ("kid", "KID", True, 2),
    ("isc", "IS", True, 3),
    ("precision", "precision", True, 2),
    ("recall", "recall", True, 2),
    ("classes_held", "classes", False, 2),
    ("label_entropy", "label entropy (nats)", False, 3),
    ("nearest_train", "distance to training images", False, 3),
    ("rho", "rank correlation", False, 2),
    ("overfit", "critic, held-out / training", False, 2),
)
_CAPTION = (
    "Mean ± standard deviation over the seeds that did not diverge, at the last evaluation point; "
    "best: the lowest FID of all evaluation points, chosen with hindsight. The first row is what "
    "as many training images get in the generated ones' place, mean ± standard deviation over "
    "draws: the floor of FID and KID, and what precision, recall and the Inception score (IS) can "
    "reach; label entropy and distances there are those of the held-out images. Classes: those "
    "with at least a fifth of their fair share of the images' labels. Distance to training "
    "images: mean over the images, in the same space, to the nearest one; well below that of "
    "held-out images means copies. Rank correlation: Spearman's, of what the critic says on held- "
    "out samples and FID along training, mean over seeds (smallest to largest); 1: the critic "
    "tells when images get better. Critic, held-out / training: its estimate at the end on held- "
    "out samples over that on training samples; far below 1 the critic has overfitted."
)
_FIGURE_CAPTION = (
    "Generated against held-out images. Line: mean over seeds; band: smallest to largest seed. "
    "Grey: the floor, training images against the same held-out ones, mean ± 2 sd. The horizontal "
    "axis counts the gradient steps of both players: iterations × (critic steps + 1)."
)


def fidelity_blocks(results: Results, name: str) -> Iterator[Block]:
    """Yield a figure and a table for each feature space: numbers of two are never compared."""
    measured = results.evaluations[results.evaluations["ok"]].dropna(subset=["fid"])
    for k, (extractor, table) in enumerate(measured.groupby("extractor", sort=False)):
        suffix = f"-{k}" if k else ""
        yield fid_figure(table, str(extractor), f"{name}{suffix}")
        yield fidelity_table(results, table, str(extractor), f"{name}-table{suffix}")


def fid_figure(table: pd.DataFrame, extractor: str, name: str) -> Figure:
    """Return FID along training, a panel per architecture, with the floor."""
    title, findings = f"FID along training, in the space of {extractor}", _findings(table)
    with drawing():
        markup = to_svg(courses(table, COURSE), name, title, findings)
    return Figure(name, title, findings, _FIGURE_CAPTION, markup, COURSE.data(table))


def _final(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["iteration"] == table["iterations"]]


def _findings(table: pd.DataFrame) -> list[Finding]:
    """Say where each method ends with each architecture, and how well the critic follows FID."""
    final = _final(table)
    ends = {
        str(architecture): {
            str(label): mean_sd(of["fid"]) for label, of in of_row.groupby("label", sort=False)
        }
        for architecture, of_row in final.groupby("architecture", sort=False)
    }
    if not ends:
        return []
    statement = (
        f"FID at the end on {_span(final['n'])} generated and as many held-out images, mean ± "
        f"standard deviation over seeds; the floor is {_floor(final)}"
    )
    means = final.groupby(["label", "architecture"])["fid"].mean()
    low, high = (", ".join(means.index[int(k)]) for k in (means.argmin(), means.argmax()))
    extremes = (
        f"The lowest is {number(means.min())} ({low}), the highest {number(means.max())} ({high})"
    )
    return [Finding(statement, ends), Finding(extremes)]


def _span(values: pd.Series) -> str:
    low, high = values.min(), values.max()
    return f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"


def _floor(final: pd.DataFrame) -> str:
    floor, sd = final["fid_floor"].mean(), final["fid_floor_sd"].mean()
    return NOTHING if pd.isna(floor) else f"{number(floor)} ± {number(sd, 2)}"


def fidelity_table(results: Results, table: pd.DataFrame, extractor: str, name: str) -> Table:
    """Return every metric at the end, a row per run, below what real images get."""
    final = _final(table)
    rows = [_real_row(of) for _, of in final.groupby("n")]
    for run, of_run in results.facts.groupby("run", sort=False):
        course, of = table[table["run"] == run], final[final["run"] == run]
        fact = of_run.iloc[0]
        seeds = f"{len(of)} of {len(results.records[str(run)].seeds)}"
        rows.append(
            [
                Cell(fact["architecture"]), Cell(fact["label"]),
                *_cells(of.assign(fid_best=_best(of, course)), course), Cell(seeds, len(of)),
            ]
        )  # fmt: skip
    return Table(
        name,
        f"Fidelity, diversity and overfitting, in the space of {extractor}",
        f"{_CAPTION} {_span(final['n']) if len(final) else NOTHING} generated and as many held-out "
        "images.",
        ["architecture", "method", *(heading for _, heading, _, _ in METRICS), "seeds"],
        rows,
        behind=list(results.runs),
    )


def _best(final: pd.DataFrame, course: pd.DataFrame) -> pd.Series:
    return final["seed"].map(course.groupby("seed")["fid"].min())


def _cells(final: pd.DataFrame, course: pd.DataFrame) -> list[Cell]:
    by_seed = [of.sort_values("iteration") for _, of in course.groupby("seed")]
    correlations = pd.Series([rank_correlation(told(of), of["fid"]) for of in by_seed], dtype=float)
    quotients = told(final) / told(final, "train")
    cells = []
    for column, _, _, digits in METRICS:
        if column == "rho":
            cells.append(_cell(mean_range(correlations, digits), correlations))
        else:
            values = quotients if column == "overfit" else final[column]
            cells.append(_cell(mean_sd(values, digits), values))
    return cells


def _cell(text: str, values: pd.Series) -> Cell:
    return Cell(text) if text == NOTHING else Cell(text, float(values.astype(float).mean()))


def _real_row(final: pd.DataFrame) -> list[Cell]:
    """Return what real images get: a quantity's floor, or what held-out images have."""
    first = final.iloc[0]
    cells = []
    for column, _, floored, digits in METRICS:
        value = first.get(f"{column}_floor" if floored else f"{column}_heldout")
        value = first["classes"] if column == "classes_held" else value
        if value is None or pd.isna(value):
            cells.append(Cell(NOTHING))
            continue
        spread = f" ± {number(first[f'{column}_floor_sd'], 2)}" if floored else ""
        cells.append(Cell(number(value, digits) + spread, float(value)))
    return [Cell("real images"), Cell(f"n = {first['n']:,.0f}"), *cells, Cell(NOTHING)]
