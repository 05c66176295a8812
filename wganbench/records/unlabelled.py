"""`unlabelled.parquet`: how good images are that no classifier of their set can judge."""

from pathlib import Path

import pyarrow as pa

from wganbench.records.tables import by_evaluation, column, columns, read_table

SCHEMA_VERSION = 1
WORDS = {
    "patches": "sliced Wasserstein distance of Laplacian-pyramid patches (thousandths), mean over "
    "levels, generated against held-out real",
    "kid_random": "unbiased squared MMD of random features, generated against held-out real",
}
NUMBERS = {
    name: words
    for quantity, about in WORDS.items()
    for name, words in (
        (quantity, about),
        (
            f"{quantity}_floor",
            f"mean of {quantity} for training images in the generated ones' place",
        ),
        (f"{quantity}_floor_sd", f"standard deviation of {quantity}_floor over draws"),
    )
}
SCHEMA = by_evaluation(
    "unlabelled",
    SCHEMA_VERSION,
    [
        column("n", pa.int64(), "generated images; as many held-out real ones"),
        *columns(pa.float64(), NUMBERS),
        column("random_space", pa.string(), "space of the random features, and its digest"),
        column("patch_levels", pa.list_(pa.float64()), "patches by level, the finest first"),
    ],
)


def read_unlabelled(path: Path, run: str | None = None) -> pa.Table:
    """Return a run's numbers, checked to be its own where its digest is given.

    Raises:
        UserError: the file is missing, damaged, of another schema version or of another run.
    """
    return read_table(path, SCHEMA, "run `wganbench unlabelled` for this run again", run)
