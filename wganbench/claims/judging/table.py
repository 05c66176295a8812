"""Claims as tables: verdicts for the terminal, thresholds for docs/claims.md."""

from collections import Counter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from wganbench.claims.judging.catalogue import catalogue
from wganbench.claims.judging.store import Claims
from wganbench.claims.judging.verdict import Verdict

COLOURS = {"reproduced": "green", "not reproduced": "red", "inconclusive": "yellow"}
WIDTH_IN_FILES = 160  # columns when the output is no terminal


def print_verdicts(claims: Claims) -> None:
    """Print a row for each claim and how many verdicts of each kind there are."""
    table = Table(show_lines=True)
    for heading in ("claim", "verdict", "what was measured"):
        table.add_column(heading, overflow="fold")
    for verdict in claims.claims:
        said = f"{escape(verdict.statement)}\n[dim]{escape(verdict.source)} · {verdict.name}[/dim]"
        table.add_row(said, _badge(verdict), escape(verdict.text))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH_IN_FILES
    console.print(table)
    counts = Counter(label(verdict) for verdict in claims.claims)
    told = ", ".join(f"{n} {verdict}" for verdict, n in counts.most_common())
    console.print(f"scale {claims.scale}: {len(claims.claims)} claims: {told}")
    if claims.scale == "smoke":
        console.print("Scale smoke is for tests: too short for a verdict to mean anything.")


def label(verdict: Verdict) -> str:
    """Return the verdict's word, apart for a claim on which no run bears."""
    return verdict.verdict if verdict.tested else "not tested"


def thresholds() -> str:
    """Return every claim with its statistic, threshold and reason, as a table in Markdown."""
    lines = ["| claim | source | statistic | holds if | because |", "|---|---|---|---|---|"]
    for name, claim in catalogue().items():
        mean = "geometric mean" if claim.ratio else "mean"
        bar = f"{mean} {claim.direction} {claim.threshold:.4g}"
        cells = (f"`{name}`: {claim.statement}", claim.source, claim.statistic, bar, claim.reason)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def _badge(verdict: Verdict) -> str:
    return f"[{COLOURS[verdict.verdict]}]{label(verdict)}[/]"
