"""A comparison for people."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from rich.markup import escape
from rich.table import Table

from wganbench.claims.judging.table import COLOURS, bar, number
from wganbench.compare.changes import Comparison, RunChange, VerdictChange
from wganbench.compare.numbers import CONFIDENCE, Change
from wganbench.console import plain_table, wide_console
from wganbench.records.claims import Verdict

_WITHIN = {"within seeds": True, "beyond": False, "too few seeds": None}
_REASONS = {
    "other_code": "were trained by other code",
    "other_device": "were trained on another device",
    "other_features": "were measured in another feature space: no FID or kin is compared",
}
LISTED = 5  # run ids of one experiment, where whole runs come and go


def print_comparison(comparison: Comparison) -> None:
    """Print what changed, the verdicts first."""
    console = wide_console()
    console.print(f"old: {escape(comparison.old)}   new: {escape(comparison.new)}")
    for warning in comparison.warnings:
        console.print(f"[yellow]{escape(warning)}[/]")
    for part in (_verdict_lines, _membership_lines, _run_lines):
        for line in part(comparison):
            console.print(line)


def _verdict_lines(comparison: Comparison) -> Iterator[str | Table]:
    flipped = [change for change in comparison.verdicts if change.flipped]
    moved = [change for change in comparison.verdicts if not change.flipped]
    total = len(comparison.verdicts) + comparison.verdicts_alike
    if not total:
        return
    yield (
        f"\n[bold]Verdicts[/]: of {total} claims, {len(flipped)} changed their verdict, "
        f"{len(moved)} their numbers alone, {comparison.verdicts_alike} are the same"
    )
    if comparison.other_judging_code:
        yield "  they were judged by other code"
    for changes in (flipped, moved):
        if changes:
            yield _verdict_table(changes)


def _verdict_table(changes: list[VerdictChange]) -> Table:
    table = Table(box=None, padding=(0, 2), show_header=False)
    for change in changes:
        old, new = change.old, change.new
        words = f"{_badge(old)} → {_badge(new)}" if change.flipped else _badge(new)
        numbers = escape(f"{number(old) or '–'} → {number(new) or '–'}, should be {bar(new)}")
        if change.rule_changed:
            numbers += f"\n[yellow]the rule changed: it was {bar(old)}, {escape(old.statistic)}[/]"
        table.add_row(new.name, f"{words}\n{numbers}")
    return table


def _badge(verdict: Verdict) -> str:
    return f"[{COLOURS[verdict.verdict]}]{verdict.verdict}[/]"


def _membership_lines(comparison: Comparison) -> Iterator[str]:
    for side, claims, runs in (
        ("old", comparison.claims_only_old, comparison.runs_only_old),
        ("new", comparison.claims_only_new, comparison.runs_only_new),
    ):
        if claims:
            yield f"\n[bold]Claims only in the {side} one[/]: {', '.join(claims)}"
        if runs:
            yield f"\n[bold]{len(runs)} runs only in the {side} one[/]"
            yield from _by_experiment(runs)


def _by_experiment(runs: list[str]) -> Iterator[str]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for run in runs:
        experiment, _, name = run.partition("/")
        grouped[experiment].append(name)
    for experiment, names in grouped.items():
        more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
        yield f"  {experiment}: {', '.join(names[:LISTED])}{more}"


def _run_lines(comparison: Comparison) -> Iterator[str | Table]:
    runs = comparison.runs
    total = len(runs) + comparison.runs_alike
    if not total:
        return
    yield (
        f"\n[bold]Runs[/]: of {total} with one configuration, {comparison.runs_alike} are the same "
        f"to the last bit, {len(runs)} are not"
    )
    if comparison.alike_by_other_code:
        yield f"  {comparison.alike_by_other_code} of the same ones were trained by other code"
    for flag, reason in _REASONS.items():
        if many := sum(getattr(run, flag) for run in runs):
            yield f"  {many} of the others {reason}"
    for run in runs:
        for seed in run.ended:
            yield f"  [red]{run.id}: seed {seed.seed}: {seed.old} → {seed.new}[/]"
    if any(run.changes for run in runs):
        yield _metric_table(runs)
        yield from _beyond(runs)


def _metric_table(runs: list[RunChange]) -> Table:
    found: dict[str, list[Change]] = defaultdict(list)
    for change in (change for run in runs for change in run.changes):
        found[change.metric].append(change)
    headings = ("metric", "runs that differ", "higher in new", *_WITHIN)
    rows = []
    for metric, changes in found.items():
        kinds = Counter(change.within for change in changes)
        higher = sum(change.new > change.old for change in changes)
        counts = (len(changes), higher, *(kinds[within] for within in _WITHIN.values()))
        rows.append((metric, *map(str, counts)))
    return plain_table(headings, rows, texts={"metric"}, indent=2)


def _beyond(runs: list[RunChange]) -> Iterator[str | Table]:
    judged = [c for run in runs for c in run.changes if c.within is not None]
    beyond = [(run.id, c) for run in runs for c in run.changes if c.within is False]
    if beyond:
        yield "\n[bold]Beyond the spread over seeds[/]"
        rows = ((run, *_described(change)) for run, change in beyond)
        headings = ("run", "metric", "old ± sd", "new ± sd", "new - old")
        yield plain_table(headings, rows, indent=2)
    chance = round(len(judged) * (1 - CONFIDENCE))
    yield (
        f"[dim]Within: Welch's {CONFIDENCE:.0%} interval of the difference of the means over seeds "
        f"holds 0. Of {len(judged)} comparisons about {chance} would be beyond by chance alone; "
        "with 2 seeds only gross differences show.[/]"
    )


def _described(c: Change) -> tuple[str, ...]:
    interval = escape(f"{c.new - c.old:+.3g} [{c.low:.3g}, {c.high:.3g}]")
    return c.metric, f"{c.old:.4g} ± {c.old_sd:.2g}", f"{c.new:.4g} ± {c.new_sd:.2g}", interval
