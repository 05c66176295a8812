"""Image fidelity: every metric beside what real images get."""

import pandas as pd

from wganbench.gather.load import Results, estimated
from wganbench.gather.statistics import rank_correlation
from wganbench.report.figures.histories import at_the_end, span
from wganbench.report.style.blocks import Cell, Table
from wganbench.report.style.wording import NOTHING, mean_range, mean_sd, number

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
    "held-out images means copies. Rank correlation: Spearman's, of the critic's estimate on "
    "held-out samples and FID along training, mean over seeds (smallest to largest); 1: the "
    "estimate falls whenever images get better. Critic, held-out / training: its estimate at the "
    "end on held-out samples over that on training samples; far below 1 the critic has overfitted."
)


def fidelity_table(results: Results, table: pd.DataFrame, extractor: str, name: str) -> Table:
    """Return every metric at the end, a row per run, below what real images get."""
    final = at_the_end(table)
    rows = [_real_row(group) for _, group in final.groupby("n")]
    for fact in results.facts.itertuples():
        history, last = table[table["run"] == fact.run], final[final["run"] == fact.run]
        seeds = f"{len(last)} of {len(results.records[str(fact.run)].seeds)}"
        cells = _cells(last, history)
        label = [Cell(str(fact.architecture)), Cell(str(fact.label))]
        rows.append([*label, *cells, Cell(seeds, len(last))])
    return Table(
        name,
        f"Fidelity, diversity and overfitting, in the space of {extractor}",
        f"{_CAPTION} {span(final['n']) if len(final) else NOTHING} generated and as many held-out "
        "images.",
        ["architecture", "method", *(heading for _, heading, _, _ in METRICS), "seeds"],
        rows,
        behind=list(results.runs),
    )


def _cells(final: pd.DataFrame, history: pd.DataFrame) -> list[Cell]:
    by_seed = [seed.sort_values("iteration") for _, seed in history.groupby("seed")]
    correlations = [rank_correlation(estimated(seed), seed["fid"]) for seed in by_seed]
    best = history.groupby("seed")["fid"].min()
    columns = {
        "fid_best": final["seed"].map(best),
        "rho": pd.Series(correlations, dtype=float),
        "overfit": estimated(final) / estimated(final, "train"),
    }
    cells = []
    for column, _, _, digits in METRICS:
        values = columns[column] if column in columns else final[column]
        text = (mean_range if column == "rho" else mean_sd)(values, digits)
        known = text != NOTHING
        cells.append(Cell(text, float(values.astype(float).mean()) if known else None))
    return cells


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
