"""On what the runs were made: a row for each kind of machine, versions and code."""

from collections import Counter

from wganbench.gather.load import Results
from wganbench.records.run import Provenance
from wganbench.report.style.blocks import Cell, Table, TableRow, tabulated
from wganbench.report.style.wording import count, listed

COMMIT_LENGTH = 10


def provenance_table(results: Results, name: str) -> Table:
    """Return how many runs were made on what."""
    made = Counter(_facts(record.provenance) for record in results.records.values())
    codes = {record.provenance.code_digest for record in results.records.values()}
    rows: list[TableRow] = [
        {"runs": Cell(f"{n:,}", n), **dict(facts)} for facts, n in made.most_common()
    ]
    caption = (
        "From each run's record. A run's code digest, in the table above, covers the "
        f"modules that trained it and no others: {count(len(codes), 'digest')} here."
    )
    return tabulated(name, "On what they were made", caption, rows)


def _facts(made: Provenance) -> tuple[tuple[str, str], ...]:
    facts = {
        "hardware": made.hardware,
        "threads": str(made.threads),
        "deterministic": "yes" if made.deterministic else "no",
        "platform": made.platform,
        "Python": made.python,
        "packages": listed([f"{name} {version}" for name, version in made.packages.items()]),
        "git commit": (made.git_commit or "unknown")[:COMMIT_LENGTH]
        + (" + changes" if made.git_dirty else ""),
    }
    return tuple(facts.items())
