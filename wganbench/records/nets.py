"""`nets.parquet`: what the saved nets of a run on images know, at the end of training."""

from pathlib import Path

import pyarrow as pa

from wganbench.records.tables import by_evaluation, column, columns, read_table

SCHEMA_VERSION = 1
NUMBERS = {
    "walk_step": "largest step of a walk between two latents over its mean step, in the "
    "classifier's features, median over walks: 1 where all are alike; null where no walk moves",
    "moved": "share of latents moved to another class that give it, by the classifier; null where "
    "too few classes are generated",
    "moved_floor": "the same where the classes that give the means are shuffled",
    "probe": "accuracy on held-out images of a linear classifier of the critic's last features",
    "probe_untrained": "the same of the critic before training",
    "probe_pixels": "the same of the images themselves",
}
SCHEMA = by_evaluation(
    "nets",
    SCHEMA_VERSION,
    [
        *columns(pa.float64(), NUMBERS),
        column("walks", pa.list_(pa.uint8()), "grey levels of the first walks, step by step"),
    ],
)


def read_nets(path: Path, run: str | None = None) -> pa.Table:
    """Return what a run's nets know, checked to be its own where its digest is given.

    Raises:
        UserError: the file is missing, damaged, of another schema version or of another run.
    """
    return read_table(path, SCHEMA, "run `wganbench nets` for this run again", run)
