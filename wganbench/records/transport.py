"""`transport.parquet`: exact W1 of a run's saved samples, and its critic's estimates beside it."""

from pathlib import Path

import pyarrow as pa

from wganbench.records.tables import by_evaluation, column, columns, read_table

SCHEMA_VERSION = 1
OF_DATA = {
    "floor": "mean W1 between the held-out sample and a fresh one of its law",
    "floor_sd": "standard deviation of the floor over fresh samples",
    "w1_fresh": "mean exact W1 between fresh samples of a pair's two laws, of the same size",
    "w1_fresh_sd": "its standard deviation over fresh samples, which the seeds do not show",
}
COLUMNS = {
    "w1": "exact W1 of the saved samples, generated against held-out real",
    **OF_DATA,
    "w1_true": "W1 between a pair's laws, where it is known",
    "w1_true_se": "its standard error; 0 for a closed form",
    "estimate": "critic's raw estimate on the same samples",
    "normalised": "raw estimate over the largest gradient norm seen",
    "c_transform": "c-transform estimate of the raw critic; never exceeds w1",
    "c_transform_normalised": "c-transform estimate of the critic over its largest gradient norm",
    "certified": "raw estimate over the product of the layers' spectral norms; never exceeds w1",
    "coupled_slope": "mean of (f(x) - f(y)) / |x - y| over the pairs of real x and generated y "
    "that the optimal plan couples, by their mass; 1 of an optimal critic",
    "coupled_slope_error": "mean of | (f(x) - f(y)) / |x - y| - 1 | over the same pairs",
    "independent_slope": "mean of (f(x) - f(y)) / |x - y| over all pairs",
    "independent_cost": "mean of |x - y| over all pairs: what moving at random costs",
    "farthest": "largest |x - y| of all pairs",
}
SAMPLES = column("n", pa.int64(), "generated samples; as many real ones")
SCHEMA = by_evaluation("transport", SCHEMA_VERSION, [SAMPLES, *columns(pa.float64(), COLUMNS)])


def read_transport(path: Path, run: str | None = None) -> pa.Table:
    """Return a run's distances and estimates, checked to be its own where its digest is given.

    Raises:
        UserError: the file is missing, damaged, of another schema version or of another run.
    """
    return read_table(path, SCHEMA, "run `wganbench transport` for this run again", run)
