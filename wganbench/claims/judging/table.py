"""Claims as tables: verdicts for the terminal, thresholds for docs/claims.md."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console, Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from wganbench.claims.judging.catalogue import catalogue
from wganbench.claims.judging.gates import WHOLE
from wganbench.records.claims import Claims, Verdict, told

COLOURS = {
    "reproduced": "green",
    "not reproduced": "red",
    "mixed": "magenta",
    "not settled": "yellow",
    "inconclusive": "yellow",
    "not testable here": "bright_black",
}
NOTHING = "–"
WIDTH_IN_FILES = 160  # columns when the output is no terminal


def print_verdicts(claims: Claims) -> None:
    """Print each claim with its verdict and number, and how many verdicts of each kind there are.

    A line for the statement where it fits, one for the number: 36 claims fit on two screens.
    """
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for verdict in claims.claims:
        line = Text.from_markup(_measured(verdict))
        line.no_wrap, line.overflow = True, "ellipsis"
        table.add_row(_badge(verdict), Group(escape(verdict.statement), line))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH_IN_FILES
    console.print(table)
    console.print(f"\nscale {claims.scale}: {counts(claims)}")
    console.print(survivors(claims))
    console.print(
        "Each number is a median over seeds, or a share of what was drawn at random \\[95% "
        "interval].\nA claim is reproduced where the whole interval is where it should be, in "
        "every context, and was at half the budget.\n"
        "What is measured, and why the threshold: docs/claims.md, or --json.",
        style="dim",
    )
    if claims.scale == "smoke":
        console.print("Scale smoke is for tests: too short for a verdict to mean anything.")


def number(verdict: Verdict) -> str:
    """Return the median and its interval; nothing where nothing was measured."""
    return interval(verdict.value, verdict.low, verdict.high)


def interval(value: float | None, low: float | None, high: float | None) -> str:
    """Return a number and its interval as text; nothing for None."""
    if value is None:
        return ""
    ends = [NOTHING if end is None else told(end) for end in (low, high)]
    return f"{told(value)} [{', '.join(ends)}]"


def bar(verdict: Verdict) -> str:
    """Return on which side of what the number should lie."""
    return f"{verdict.direction} {verdict.threshold:.3g}"


def counts(claims: Claims) -> str:
    """Return how many verdicts of each kind there are, by who makes the claims."""
    kinds = dict.fromkeys(verdict.origin for verdict in claims.claims)
    return "\n".join(
        f"{len(mine)} claims of {origin}: {_listed(mine)}"
        for origin in kinds
        if (mine := [verdict for verdict in claims.claims if verdict.origin == origin])
    )


def survivors(claims: Claims) -> str:
    """Return how many verdicts are left when all claims are judged together."""
    decided = [v for v in claims.claims if v.verdict in ("reproduced", "not reproduced")]
    left = sum(verdict.survives for verdict in decided)
    return f"Of {len(decided)} decided, {left} survive Holm's correction for judging all at once."


def _listed(verdicts: Iterable[Verdict]) -> str:
    found = Counter(verdict.verdict for verdict in verdicts)
    return ", ".join(f"{n} {verdict}" for verdict, n in found.most_common())


def verdicts(claims: Claims, others: Sequence[Claims] = ()) -> str:
    """Return every verdict with its number, as a table in Markdown; other scales' stand beside."""
    headings = ["verdict", "claim", "measured", "should be", "source"]
    headings += [f"at `{other.scale}`" for other in others]
    lines = [_row(headings), _row(["---"] * len(headings))]
    beside = [other.by_name for other in others]
    for verdict in claims.claims:
        cells = (_word(verdict), verdict.statement, number(verdict), bar(verdict), verdict.source)
        lines.append(_row([*cells, *(_beside(verdict, other) for other in beside)]))
    return "\n".join(lines)


def _beside(verdict: Verdict, others: Mapping[str, Verdict]) -> str:
    """Return what another scale says; the word only where it is another one."""
    other = others.get(verdict.name)
    if other is None:
        return NOTHING
    word = "the same" if other.verdict == verdict.verdict else _word(other)
    return f"{word} {number(other)}".strip()


def thresholds() -> str:
    """Return every claim with its statistic, threshold and reason, as a table in Markdown."""
    lines = [
        "| claim | source | statistic | holds if | because | testable if |",
        "|---|---|---|---|---|---|",
    ]
    for name, claim in catalogue().items():
        holds = f"{claim.direction} {claim.threshold:.4g}"
        gates = "; ".join(f"{g.name}: {g.asks} {g.direction} {g.bar:.4g}" for g in claim.gates)
        leans = "".join(f"; `{control}` is reproduced" for control in claim.leans_on)
        cells = (
            f"`{name}`: {claim.statement}", claim.source, claim.statistic, holds, claim.reason,
            (gates + leans).removeprefix("; "),
        )  # fmt: skip
        lines.append(_row(cells))
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def gates() -> str:
    """Return every kind of gate with its bar and reason, as a table in Markdown."""
    lines = ["| gate | asks | should be | because |", "|---|---|---|---|"]
    asked = (gate for claim in catalogue().values() for gate in (WHOLE, *claim.gates))
    for gate in {gate.asks: gate for gate in asked}.values():
        cells = (gate.name, gate.asks, f"{gate.direction} {gate.bar:.4g}", gate.reason)
        lines.append(_row(cells))
    return "\n".join(lines)


def _measured(verdict: Verdict) -> str:
    """Return number, bar, source, and for what is undecided the reason, which may be cut off."""
    found = f"[bold]{escape(number(verdict))}[/bold], " if verdict.value is not None else ""
    decided = verdict.verdict in ("reproduced", "not reproduced")
    why = "" if decided else f"  {escape(verdict.because)}"
    return f"{found}should be {bar(verdict)}  [dim]{escape(verdict.source)}[/dim]{why}"


def _badge(verdict: Verdict) -> str:
    return f"[{COLOURS[verdict.verdict]}]{verdict.verdict}[/]"


def _word(verdict: Verdict) -> str:
    decided = verdict.verdict in ("reproduced", "not reproduced", "mixed")
    return f"**{verdict.verdict}**" if decided else verdict.verdict
