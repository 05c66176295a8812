"""[InfoGAN] figures 1 and 2: how much of a code is in the samples, and what it moves there."""

from collections.abc import Callable, Iterator
from math import log
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from wganbench.algorithms.infogan import InfoGAN
from wganbench.gather.load import Results
from wganbench.gather.strokes import MEASURED, follows
from wganbench.plan.measurements.codes import ROW
from wganbench.records.codes import FIRST_CODE, read_codes
from wganbench.report.figures.sheets import encoded
from wganbench.report.style.blocks import (
    Cell,
    Drawing,
    Figure,
    Finding,
    Sheet,
    Sheets,
    Table,
    TableRow,
    drawn,
    measured,
    tabulated,
)
from wganbench.report.style.looks import MUTED, colours
from wganbench.report.style.marks import SPREAD, band, entry
from wganbench.report.style.wording import mean_range

ENLARGED = 2  # pixels of the page along a pixel of a traversal
_INFORMATION_CAPTION = (
    "Lower bound L_I of the mutual information of categorical code and sample on latents drawn for "
    "it, in nats, along training ([InfoGAN] figure 1). Lines: mean over seeds; bands: smallest to "
    "largest seed. Dashed: the code's entropy, which no bound exceeds. With lambda 0 neither "
    "generator nor critic knows of the code's recogniser, as in the paper's GAN."
)
_TABLE_CAPTION = (
    "At the last evaluation, mean ± standard deviation over seeds. Matched: share of generated "
    "images whose label, by the benchmark's classifier, is the one matched with their category, "
    "one to one; by chance: the same where the categories are shuffled. I(c; label): mutual "
    "information of category and label, at most log 10 = 2.303 nats. Error on real digits: of the "
    "recogniser, whose categories are matched in the same way, on held-out images. Error of the "
    "continuous code: mean square, 1/3 for a recogniser that knows nothing. Slant and width, by "
    "the moments of the ink: how closely they go up or down with the first continuous code along "
    "the traversals below, Spearman's correlation without its sign, mean over categories; of "
    f"{len(FIRST_CODE)} unrelated images it is .28."
)
_SHEETS_CAPTION = (
    "What the code moves at the end of training ([InfoGAN] figure 2), for the first seed that did "
    "not diverge: each row is a category, in the order of the digits that are matched with them; "
    f"from left to right the first continuous code goes from {FIRST_CODE[0]:g} to "
    f"{FIRST_CODE[-1]:g} in equal steps, in training it stays between -1 and 1 (the middle five); "
    "noise and other codes are the same everywhere."
)


def code_blocks(part: Results, name: str) -> Iterator[Figure | Table | Sheets]:
    """Yield the bound along training, a table of the ends, and traversals; none without runs."""
    runs = [r for r, run in part.runs.items() if isinstance(run.configuration.algorithm, InfoGAN)]
    if not runs:
        return
    part = part.select(runs)
    along = _along(part)
    yield drawn(
        f"{name}-information", "How much of the code is in the samples", _findings(along),
        _INFORMATION_CAPTION, along, lambda: _drawing(along),
    )  # fmt: skip
    yield tabulated(f"{name}-ends", "Codes and digits", _TABLE_CAPTION, _rows(part), part.runs)
    measured_runs = [run for run in runs if ROW.applies(part.runs[run])]
    if measured_runs:
        yield _traversals(part.select(measured_runs), f"{name}-traversals")


def _names(part: Results, run: str) -> tuple[str, str]:
    """Return what a run's recogniser and lambda are in words."""
    algorithm = part.runs[run].configuration.algorithm
    assert isinstance(algorithm, InfoGAN), "others were left out"
    seen = "own recogniser" if algorithm.recogniser == "own" else "shared body"
    return seen, f"lambda {algorithm.information_weight:g}"


def _along(part: Results) -> pd.DataFrame:
    """Return a row for each run, seed and evaluation."""
    known = part.evaluations[part.evaluations["ok"]]
    table = known[["run", "seed", "iteration", "information_heldout"]].copy()
    labels = {run: ", ".join(_names(part, run)) for run in part.runs}
    most = {run: log(part.runs[run].configuration.get("categories")) for run in part.runs}
    return table.assign(label=table["run"].map(labels), entropy=table["run"].map(most))


def _findings(along: pd.DataFrame) -> list[Finding]:
    last = along[along["iteration"] == along["iteration"].max()]
    share = last.assign(share=100 * last["information_heldout"] / last["entropy"])
    values = {
        str(label): {"share": f"{mean_range(rows['share'], 3)}%"}
        for label, rows in share.groupby("label", sort=False)
    }
    statement = (
        "Share of the code's entropy that a recogniser reads off the samples at the end, mean over "
        "seeds (smallest to largest)"
    )
    return [Finding(statement, values)]


def _drawing(along: pd.DataFrame) -> Drawing:
    figure, axes = plt.subplots(figsize=(7.2, 3.1))
    palette = colours(along["label"])
    for label, colour in palette.items():
        rows = along[along["label"] == label]
        band(axes, rows.groupby("iteration")["information_heldout"].agg(SPREAD), colour, marker="o",
             ms=4, mec="none")  # fmt: skip
    for entropy in sorted(set(along["entropy"])):
        axes.axhline(entropy, c=MUTED, lw=1, ls="--")
    axes.set(xlabel="iteration", ylabel="L_I (nats)", xlim=(0, None))
    axes.set_ylim(bottom=min(0.0, float(along["information_heldout"].min())))
    shown = [entry(label, c=colour, marker="o", ms=4) for label, colour in palette.items()]
    figure.legend(
        handles=[*shown, entry("entropy of the code", c=MUTED, ls="--", lw=1)],
        loc="outside right upper",
    )
    return figure


def _rows(part: Results) -> Iterator[TableRow]:
    ends = part.final()
    for run in part.runs:
        rows = ends[ends["run"] == run]
        recogniser, weight = _names(part, run)
        yield {
            "recogniser": recogniser,
            "gain": weight,
            "L_I (nats)": measured(rows["information_heldout"]),
            "matched": _cell(rows, "matched_accuracy"),
            "matched by chance": _cell(rows, "matched_accuracy_floor"),
            "I(c; label) (nats)": _cell(rows, "label_information"),
            "the same by chance": _cell(rows, "label_information_floor"),
            "error on real digits": _cell(rows, "recognition_error"),
            "error of the continuous code": _cell(rows, "code_error"),
            **_followed(part, run),
        }


def _followed(part: Results, run: str) -> TableRow:
    """Return how closely slant and width follow the continuous code, where there is one."""
    algorithm = part.runs[run].configuration.algorithm
    assert isinstance(algorithm, InfoGAN), "others were left out"
    has_code = ROW.applies(part.runs[run]) and algorithm.continuous > 0
    moved = [images for _, images in _traversed(part, run)] if has_code else []
    return {
        f"{name} follows it": measured(
            pd.Series([follows(np.array(FIRST_CODE), _of(function, images)) for images in moved])
        )
        for name, function in MEASURED.items()
    }


def _of(function: Callable[[np.ndarray], np.ndarray], images: np.ndarray) -> np.ndarray:
    """Return a measure of images that lie in rows."""
    return function(images.reshape(-1, *images.shape[2:])).reshape(images.shape[:2])


def _cell(rows: pd.DataFrame, column: str) -> Cell:
    """Return a quantity that not every run has: a set without labels has no classes."""
    return measured(rows.get(column, pd.Series(dtype=float)))


def _traversals(part: Results, name: str) -> Sheets:
    sheets = {run: _sheet(part, run) for run in part.runs}
    names = {run: _names(part, run) for run in part.runs}
    columns = list(dict.fromkeys(weight for _, weight in names.values()))
    rows: dict[str, list[Sheet | None]] = {}
    for run, (recogniser, weight) in names.items():
        row = rows.setdefault(recogniser, [None] * len(columns))
        row[columns.index(weight)] = sheets[run]
    finding = Finding(
        "Share of generated images whose label is the one matched with their category, mean over "
        "seeds (smallest to largest)",
        _matched_by(part, names),
    )
    return Sheets(name, "What the codes move", [finding], _SHEETS_CAPTION, columns, [*rows.items()])


def _matched_by(part: Results, names: dict[str, tuple[str, str]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    ends = part.final()
    for run, (recogniser, weight) in names.items():
        shares = ends.loc[ends["run"] == run, "matched_accuracy"]
        found.setdefault(recogniser, {})[weight] = mean_range(shares, 2)
    return found


def _traversed(part: Results, run: str) -> Iterator[tuple[dict[str, Any], np.ndarray]]:
    """Yield the last row of each seed that did not diverge, and its images: category by step."""
    planned = part.runs[run]
    table = read_codes(part.folder / run / ROW.file, planned.digest).to_pylist()
    ok = set(part.records[run].ok_seeds())
    shape = len(FIRST_CODE), *planned.configuration.data.shape
    for row in table:
        if row["traversal"] is not None and row["seed"] in ok:
            yield row, np.array(row["traversal"], dtype=np.uint8).reshape(-1, *shape)


def _sheet(part: Results, run: str) -> Sheet:
    """Return the traversal of the first seed that has one."""
    shape = part.runs[run].configuration.data.shape
    first, images = next(_traversed(part, run), (None, None))
    if first is None or images is None:
        return Sheet("", 0, 0, "", "every seed diverged", run=run)
    digits = np.array(first["classes"])
    order = np.argsort(np.where(digits < 0, len(digits), digits), kind="stable")
    stacked = images[order].reshape(-1, *shape)
    image, width, height = encoded([stacked], len(FIRST_CODE), len(images))
    note = f"seed {first['seed']}; matched {first['matched_accuracy']:.2f}"
    note += f" (by chance {first['matched_accuracy_floor']:.2f})"
    alt = f"{run}: {len(images)} categories below one another, {note}."
    return Sheet(image, ENLARGED * width, ENLARGED * height, alt, note, run=run)
