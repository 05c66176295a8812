"""The plan as text: a table for people, JSON for programs."""

import json
from typing import Any

from rich.console import Console
from rich.table import Table

from wganbench.plan.runs import Run

WIDTH_IN_FILES = 200  # columns when the output is no terminal


def wide_console() -> Console:
    """Return a console that is wide where the output is a file or another program."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH_IN_FILES
    return console


def print_overview(planned: dict[str, list[Run]], scale: str) -> None:
    """Print the runs of each experiment and their number."""
    table = Table(box=None, pad_edge=False)
    for heading in ("run", "seeds", "iterations", "data"):
        table.add_column(heading, overflow="fold")  # a run's name is there to be copied whole
    for runs in planned.values():
        for run in runs:
            configuration = run.configuration
            table.add_row(
                run.id,
                str(len(run.seeds)),
                f"{configuration.iterations:,}",
                configuration.data.id,
            )
    console = wide_console()
    console.print(table)
    runs = [run for listed in planned.values() for run in listed]
    replicas = sum(len(run.seeds) for run in runs)
    console.print(
        f"\nscale {scale}: {len(runs)} runs, {replicas} replicas (run x seed), "
        f"{len(planned)} experiments"
    )


def as_json_lines(planned: dict[str, list[Run]]) -> str:
    """Return one JSON object a line: id, seeds, point and configuration of each run."""
    return "".join(
        json.dumps({"id": run.id, "digest": run.digest, **_content(run)}) + "\n"
        for runs in planned.values()
        for run in runs
    )


def _content(run: Run) -> dict[str, Any]:
    return run.model_dump(mode="json") | {"configuration": run.configuration.resolved()}
