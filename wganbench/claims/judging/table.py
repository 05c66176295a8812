"""Claims as tables: verdicts for the terminal, thresholds for docs/claims.md."""

from collections import Counter
from collections.abc import Iterable

from rich.console import Console, Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from wganbench.claims.judging.catalogue import catalogue
from wganbench.claims.judging.verdict import is_enough
from wganbench.records.claims import Claims, Verdict

COLOURS = {"reproduced": "green", "not reproduced": "red", "inconclusive": "yellow"}
WIDTH_IN_FILES = 160  # columns when the output is no terminal


def print_verdicts(claims: Claims) -> None:
    """Print each claim with its verdict and number, and how many verdicts of each kind there are.

    A line for the statement where it fits, one for the number: 28 claims fit on two screens.
    """
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for verdict in claims.claims:
        line = Text.from_markup(f"{_measured(verdict)}  [dim]{escape(verdict.source)}[/dim]")
        line.no_wrap, line.overflow = True, "ellipsis"
        table.add_row(_badge(verdict), Group(escape(verdict.statement), line))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH_IN_FILES
    console.print(table)
    console.print(f"\nscale {claims.scale}: {counts(claims)}")
    console.print(
        "Each number is a mean \\[95% interval]. A claim is reproduced where the whole interval is "
        "where it should.\nWhat is measured, and why the threshold: docs/claims.md, or --json.",
        style="dim",
    )
    if claims.scale == "smoke":
        console.print("Scale smoke is for tests: too short for a verdict to mean anything.")


def label(verdict: Verdict) -> str:
    """Return the verdict's word, apart for a claim on which no run bears."""
    return verdict.verdict if verdict.tested else "not tested"


def number(verdict: Verdict) -> str:
    """Return the mean and its interval; nothing where nothing was measured."""
    if verdict.value is None:
        return ""
    return f"{verdict.value:.3g} [{verdict.low:.3g}, {verdict.high:.3g}]"


def bar(verdict: Verdict) -> str:
    """Return on which side of what the number should lie."""
    return f"{verdict.direction} {verdict.threshold:.3g}"


def counts(claims: Claims) -> str:
    """Return how many verdicts of each kind there are."""
    found = Counter(label(verdict) for verdict in claims.claims)
    listed = ", ".join(f"{n} {verdict}" for verdict, n in found.most_common())
    return f"{len(claims.claims)} claims: {listed}"


def verdicts(claims: Claims) -> str:
    """Return every verdict with its number, as a table in Markdown."""
    lines = ["| verdict | claim | measured | should be | source |", "|---|---|---|---|---|"]
    for verdict in claims.claims:
        cells = (_word(verdict), verdict.statement, number(verdict), bar(verdict), verdict.source)
        lines.append(_row(cells))
    return "\n".join(lines)


def thresholds() -> str:
    """Return every claim with its statistic, threshold and reason, as a table in Markdown."""
    lines = ["| claim | source | statistic | holds if | because |", "|---|---|---|---|---|"]
    for name, claim in catalogue().items():
        mean = "geometric mean" if claim.ratio else "mean"
        holds = f"{mean} {claim.direction} {claim.threshold:.4g}"
        cells = (f"`{name}`: {claim.statement}", claim.source, claim.statistic, holds, claim.reason)
        lines.append(_row(cells))
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _measured(verdict: Verdict) -> str:
    found = number(verdict)
    measured = f"[bold]{escape(found)}[/bold]," if found else "nothing measured;"
    return f"{measured} should be {bar(verdict)}"


def _badge(verdict: Verdict) -> str:
    badge = f"[{COLOURS[verdict.verdict]}]{label(verdict)}[/]"
    return f"{badge}\n[dim]too few seeds[/dim]" if _lacks_seeds(verdict) else badge


def _word(verdict: Verdict) -> str:
    if _lacks_seeds(verdict):
        return f"{label(verdict)}, too few seeds"
    return label(verdict) if verdict.verdict == "inconclusive" else f"**{label(verdict)}**"


def _lacks_seeds(verdict: Verdict) -> bool:
    return verdict.tested and not is_enough(verdict.seeds, verdict.contexts)
