"""What critics on the line have learned of a divergence, from their runs' distances."""

from wganbench.gather.load import Results
from wganbench.records.transport import read_transport

Point = tuple[int, int]
"""Seed and iteration."""


def learned(results: Results, run: str, *columns: str) -> dict[Point, tuple[float, ...]]:
    """Return columns of a run's distances by seed and iteration; none where nothing was learned.

    Raises:
        UserError: the distances are missing or damaged.
    """
    table = read_transport(results.folder / run / "transport.parquet", results.runs[run].digest)
    key = zip(table["seed"].to_pylist(), table["iteration"].to_pylist(), strict=True)
    values = zip(*(table[name].to_pylist() for name in columns), strict=True)
    seeds = results.replicas(run)
    return {
        point: row
        for point, row in zip(key, values, strict=True)
        if point[0] in seeds and None not in row
    }
