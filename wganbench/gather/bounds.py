"""What critics on the line have learned of a divergence: columns of `bounds.parquet`."""

from wganbench.gather.load import Results

Point = tuple[int, int]
"""Seed and iteration."""


def bound(results: Results, run: str) -> dict[Point, float]:
    """Return E T(x) - E f*(T(y)) of a run's critic; none where it was not mapped."""
    return {point: value for point, (value,) in learned(results, run, "bound").items()}


def learned(results: Results, run: str, *names: str) -> dict[Point, tuple[float, ...]]:
    """Return these columns of a run by seed and iteration, without diverged seeds."""
    table = results.evaluations
    rows = table[(table["run"] == run) & table["ok"]].dropna(subset=list(names))
    points = zip(rows["seed"].tolist(), rows["iteration"].tolist(), strict=True)
    return dict(zip(points, rows[list(names)].itertuples(index=False, name=None), strict=True))
