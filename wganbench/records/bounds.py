"""`bounds.parquet`: what a run's critic has learned of a divergence between two laws on a line."""

from pathlib import Path

import pyarrow as pa

from wganbench.records.tables import by_evaluation, columns, read_table

SCHEMA_VERSION = 1
COLUMNS = {
    "bound": "E T(x) - E f*(T(y)) under the two laws themselves, in the divergence's unit: at most "
    "the divergence; of a discriminator 2 JS",
    "pull_mean": "minus the derivative of E -f*(T(y)) in the mean of y's law, which is normal",
    "pull_sd": "minus the derivative of E -f*(T(y)) in its standard deviation",
}
SCHEMA = by_evaluation("bounds", SCHEMA_VERSION, columns(pa.float64(), COLUMNS))


def read_bounds(path: Path, run: str | None = None) -> pa.Table:
    """Return what a run's critic has learned, checked to be its own where its digest is given.

    Raises:
        UserError: the file is missing, damaged, of another schema version or of another run.
    """
    return read_table(path, SCHEMA, "run `wganbench bounds` for this run again", run)
