"""`results/runs/EXPERIMENT/choices-SCALE.json`: the settings that were chosen by tuning."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from wganbench.plugins import Strict
from wganbench.records.json_files import read_json
from wganbench.records.layout import RUNS

SCHEMA_VERSION = 1
REMEDY = "make it again with `wganbench choose EXPERIMENT`"


class Choice(Strict):
    """Of one configuration."""

    candidates: Annotated[
        dict[str, float | None],
        Field(
            description="Quality of each candidate at the end, by its id, the mean over its seeds; "
            "smaller is better, null if a replica diverged."
        ),
    ]
    chosen: Annotated[str, Field(description="The id of the best one.")]


class Choices(Strict):
    """The content of choices-SCALE.json."""

    schema_version: int = SCHEMA_VERSION
    choices: Annotated[list[Choice], Field(description="In the plan's order.")]

    def of(self, candidates: set[str]) -> str | None:
        """Return which of these candidates was chosen; None if it was not among just these."""
        found = (one.chosen for one in self.choices if one.candidates.keys() == candidates)
        return next(found, None)


def choices_file(experiment: str, scale: str, runs: Path = RUNS) -> Path:
    """Return where an experiment's choices at a scale are: beside its runs."""
    return runs / experiment / f"choices-{scale}.json"


def read_choices(path: Path) -> Choices:
    """Return what was chosen; nothing where there is no file yet.

    Raises:
        UserError: the file is damaged, or of another schema version.
    """
    if not path.exists():
        return Choices(choices=[])
    return read_json(path, Choices, SCHEMA_VERSION, REMEDY)
