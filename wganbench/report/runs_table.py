"""The table of all runs: what each was, how it ended, on what, and how to make it again."""

from collections.abc import Iterable
from typing import Any

import yaml

from wganbench.gather.labels import method_label
from wganbench.gather.load import Results
from wganbench.plan.runs import Run
from wganbench.report.blocks import Cell, Table
from wganbench.report.wording import number
from wganbench.training.record import Provenance, RunRecord

COMMIT_LENGTH = 10
COLUMNS = (
    "run",
    "method",
    "data",
    "grid point",
    "iterations",
    "seeds",
    "seconds",
    "ms per iteration",
    "hardware",
    "code digest",
    "git commit",
)


def runs_table(results: Results, name: str) -> Table:
    """Return one row per run."""
    return Table(
        name,
        "All runs",
        "Seconds are wall-clock for all seeds of a run together, evaluation included; milliseconds "
        "per iteration are training alone. A run's id unfolds to its resolved configuration and to "
        "the command that makes it again, from the project's folder.",
        COLUMNS,
        [_row(results.runs[run_id], record) for run_id, record in results.records.items()],
        filterable=True,
    )


def _row(run: Run, record: RunRecord) -> list[Cell]:
    timings, made = record.timings, record.provenance
    return [
        Cell(run.id, code=True, details=_details(run, made)),
        Cell(method_label(run.configuration)),
        Cell(run.configuration.data.name),
        Cell(_point(run)),
        Cell(f"{run.configuration.iterations:,}", run.configuration.iterations),
        Cell(_status(record), len(record.ok_seeds())),
        Cell(f"{timings.total:.1f}", timings.total),
        Cell(number(1000 * timings.per_iteration), timings.per_iteration),
        Cell(f"{made.device}: {made.device_name}"),
        Cell(made.code_digest, code=True),
        Cell(_commit(made), code=True),
    ]


def _point(run: Run) -> str:
    """Return the point but for what the columns beside it say."""
    said = ("method", "data.name", "constraint.clip_value")
    shown = {k: v for k, v in run.point.items() if k not in said and v != ""}
    return ", ".join(f"{k.removesuffix('.name').replace('.', ' ')} {v}" for k, v in shown.items())


def _status(record: RunRecord) -> str:
    return ", ".join(
        f"{s.seed} {s.status}" + (f" at {s.diverged_at:,}" if s.diverged_at is not None else "")
        for s in record.seeds
    )


def _commit(made: Provenance) -> str:
    if made.git_commit is None:
        return "unknown"
    return made.git_commit[:COMMIT_LENGTH] + (" + changes" if made.git_dirty else "")


def _details(run: Run, made: Provenance) -> str:
    facts: dict[str, Any] = {
        "command": f"wganbench train {run.id} --scale {run.scale}",
        "seeds": list(run.seeds),
        "configuration": run.configuration.resolved(),
        "data_sha256": made.data_sha256,
        "packages": _versions(made.packages.items()),
        "threads": made.threads,
        "deterministic": made.deterministic,
        "platform": made.platform,
    }
    text: str = yaml.safe_dump(facts, sort_keys=False, width=90, allow_unicode=True)
    return text


def _versions(packages: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{name} {version}" for name, version in packages)
