"""On what the runs were made: a row for each kind of machine, versions and code."""

from collections import Counter

from wganbench.gather.load import Results
from wganbench.records.run import Provenance
from wganbench.report.style.blocks import Cell, Table
from wganbench.report.style.wording import count, listed

COLUMNS = (
    *("runs", "hardware", "threads", "deterministic", "platform", "Python", "packages"),
    "git commit",
)
COMMIT_LENGTH = 10


def provenance_table(results: Results, name: str) -> Table:
    """Return how many runs were made on what."""
    made = Counter(_row(record.provenance) for record in results.records.values())
    codes = {record.provenance.code_digest for record in results.records.values()}
    return Table(
        name,
        "On what they were made",
        "From each run's record. A run's code digest, in the table above, covers the "
        f"modules that trained it and no others: {count(len(codes), 'digest')} here.",
        COLUMNS,
        [
            [Cell(f"{n:,}", n), *(Cell(text) for text in row)]
            for row, n in made.most_common()
        ],
    )  # fmt: skip


def _row(made: Provenance) -> tuple[str, ...]:
    commit = (made.git_commit or "unknown")[:COMMIT_LENGTH]
    return (
        f"{made.device}: {made.device_name}",
        str(made.threads),
        "yes" if made.deterministic else "no",
        made.platform,
        made.python,
        listed([f"{name} {version}" for name, version in made.packages.items()]),
        commit + (" + changes" if made.git_dirty else ""),
    )
