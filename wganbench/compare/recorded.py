"""Runs as their records describe them: no plan has to know them any more."""

from pathlib import Path

from pydantic import ValidationError

from wganbench.errors import UserError
from wganbench.plan.configuration import Configuration
from wganbench.plan.runs import Run
from wganbench.plugins.explain import explain
from wganbench.records.layout import RECORD
from wganbench.records.run import RunRecord, read_record


def recorded_run(folder: Path) -> tuple[Run, RunRecord]:
    """Return the run that a result's record describes, and the record."""
    record = read_record(folder / RECORD)
    try:
        run = Run(
            experiment=record.experiment,
            scale=record.scale,
            seeds=tuple(s.seed for s in record.seeds),
            point=record.point,
            configuration=Configuration.from_flat(record.configuration, recorded=True),
        )
    except ValidationError as error:
        raise UserError(
            f"{folder / RECORD}: {explain(error)}; it is of another version of wganbench, see its "
            "git_commit"
        ) from None
    return run, record
