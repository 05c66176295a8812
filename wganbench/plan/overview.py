"""The plan as text: a table for people, JSON for programs."""

import json

import typer

from wganbench.console import aligned
from wganbench.plan.runs import Run


def print_overview(planned: dict[str, list[Run]], scale: str) -> None:
    """Print the runs of each experiment and their number."""
    runs = [run for listed in planned.values() for run in listed]
    rows = [
        (r.id, str(len(r.seeds)), f"{r.configuration.iterations:,}", r.configuration.data.id)
        for r in runs
    ]
    replicas = sum(len(run.seeds) for run in runs)
    typer.echo(
        f"{aligned(('run', 'seeds', 'iterations', 'data'), rows)}\n"
        f"scale {scale}: {len(runs)} runs, {replicas} replicas (run x seed), "
        f"{len(planned)} experiments"
    )


def as_json_lines(planned: dict[str, list[Run]]) -> str:
    """Return one JSON object a line: id, seeds, point and configuration of each run."""
    lines = []
    for run in (run for runs in planned.values() for run in runs):
        content = run.model_dump(mode="json") | {"configuration": run.configuration.resolved()}
        lines.append(json.dumps({"id": run.id, "digest": run.digest, **content}) + "\n")
    return "".join(lines)
