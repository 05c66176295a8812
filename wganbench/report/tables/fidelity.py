"""Image fidelity: every metric beside what real images get."""

from collections.abc import Sequence

import pandas as pd

from wganbench.gather.load import Results, estimated
from wganbench.gather.statistics import rank_correlation
from wganbench.report.figures.histories import at_the_end, span
from wganbench.report.style.blocks import Cell, Table
from wganbench.report.style.wording import NOTHING, mean_range, mean_sd, number

# Column of the frame, heading, whether a floor is known, digits.
Metrics = Sequence[tuple[str, str, bool, int]]
_OF_CRITICS: Metrics = (
    ("rho", "rank correlation", False, 2),
    ("overfit", "critic, held-out / training", False, 2),
)
METRICS: Metrics = (
    ("fid", "FID", True, 3),
    ("fid_best", "FID, best", False, 3),
    ("kid", "KID", True, 2),
    ("isc", "IS", True, 3),
    ("precision", "precision", True, 2),
    ("recall", "recall", True, 2),
    ("classes_held", "classes", False, 2),
    ("label_entropy", "label entropy (nats)", False, 3),
    ("nearest_train", "distance to training images", False, 3),
    *_OF_CRITICS,
)
UNLABELLED: Metrics = (
    ("patches", "distance of patches", True, 3),
    ("patches_best", "the same, best", False, 3),
    ("kid_random", "KID, random features", True, 2),
    *_OF_CRITICS,
)
_CAPTION = (
    "Mean ± standard deviation over the seeds that did not diverge, at the last evaluation point; "
    "best: the lowest FID of all evaluation points, chosen with hindsight. The first row is what "
    "as many training images get in the generated ones' place, mean ± standard deviation over "
    "draws: the floor of FID and KID, and what precision, recall and the Inception score (IS) can "
    "reach; label entropy and distances there are those of the held-out images. Classes: those "
    "with at least a fifth of their fair share of the images' labels. Distance to training "
    "images: mean over the images, in the same space, to the nearest one; well below that of "
    "held-out images means copies. "
)
_CRITICS_CAPTION = (
    "Rank correlation: Spearman's, of the critic's estimate on held-out samples and {quality} "
    "along training, mean over seeds (smallest to largest); 1: the estimate falls whenever images "
    "get better. Critic, held-out / training: its estimate at the end on held-out samples over "
    "that on training samples; far below 1 the critic has overfitted. "
)
_UNLABELLED_CAPTION = (
    "Mean ± standard deviation over the seeds that did not diverge, at the last evaluation point; "
    "best: the lowest of all evaluation points, chosen with hindsight. The first row, the floor, "
    "is what as many training images get in the generated ones' place, mean ± standard deviation "
    "over draws. The images have no labels, so that there is no classifier in whose space FID, "
    "precision and recall could be taken. Distance of patches: sliced Wasserstein, in thousandths, "
    "mean over the levels of a Laplacian pyramid (Karras et al. 2018). KID is that of an untrained "
    "network's features, the same for all sets. "
)


def fidelity_table(results: Results, table: pd.DataFrame, extractor: str, name: str) -> Table:
    """Return every metric at the end, a row per run, below what real images get."""
    title = f"Fidelity, diversity and overfitting, in the space of {extractor}"
    caption = _CAPTION + _CRITICS_CAPTION.format(quality="FID")
    return _table(results, table, METRICS, name, title, caption)


def unlabelled_table(results: Results, table: pd.DataFrame, space: str, name: str) -> Table:
    """Return what is measured on images without labels at the end, a row per run."""
    title = f"Quality of images without labels; random features are {space}"
    caption = _UNLABELLED_CAPTION + _CRITICS_CAPTION.format(quality="the distance of patches")
    return _table(results, table, UNLABELLED, name, title, caption)


def _table(
    results: Results, table: pd.DataFrame, metrics: Metrics, name: str, title: str, caption: str
) -> Table:
    final = at_the_end(table)
    rows = [_real_row(group, metrics) for _, group in final.groupby("n")]
    for fact in results.facts.itertuples():
        history, last = table[table["run"] == fact.run], final[final["run"] == fact.run]
        seeds = f"{len(last)} of {len(results.records[str(fact.run)].seeds)}"
        cells = _cells(last, history, metrics)
        label = [Cell(str(fact.architecture)), Cell(str(fact.label))]
        rows.append([*label, *cells, Cell(seeds, len(last))])
    return Table(
        name,
        title,
        f"{caption}{span(final['n']) if len(final) else NOTHING} generated and as many held-out "
        "images.",
        ["architecture", "method", *(heading for _, heading, _, _ in metrics), "seeds"],
        rows,
        behind=list(results.runs),
    )


def _cells(final: pd.DataFrame, history: pd.DataFrame, metrics: Metrics) -> list[Cell]:
    quality = metrics[0][0]
    by_seed = [seed.sort_values("iteration") for _, seed in history.groupby("seed")]
    correlations = [rank_correlation(estimated(seed), seed[quality]) for seed in by_seed]
    best = history.groupby("seed")[quality].min()
    columns = {
        f"{quality}_best": final["seed"].map(best),
        "rho": pd.Series(correlations, dtype=float),
        "overfit": estimated(final) / estimated(final, "train"),
    }
    cells = []
    for column, _, _, digits in metrics:
        values = columns[column] if column in columns else final[column]
        text = (mean_range if column == "rho" else mean_sd)(values, digits)
        known = text != NOTHING
        cells.append(Cell(text, float(values.astype(float).mean()) if known else None))
    return cells


def _real_row(final: pd.DataFrame, metrics: Metrics) -> list[Cell]:
    """Return what real images get: a quantity's floor, or what held-out images have."""
    first = final.iloc[0]
    cells = []
    for column, _, floored, digits in metrics:
        value = first.get(f"{column}_floor" if floored else f"{column}_heldout")
        value = first["classes"] if column == "classes_held" else value
        if value is None or pd.isna(value):
            cells.append(Cell(NOTHING))
            continue
        spread = f" ± {number(first[f'{column}_floor_sd'], 2)}" if floored else ""
        cells.append(Cell(number(value, digits) + spread, float(value)))
    return [Cell("real images"), Cell(f"n = {first['n']:,.0f}"), *cells, Cell(NOTHING)]
