"""A run as a file of its own, free of any experiment: what `wganbench train --config` reads.

Such a file, the data and the code decide all that a run computes. The report offers one per run.
"""

import json
from functools import cache
from pathlib import Path
from textwrap import indent
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from wganbench.errors import UserError
from wganbench.plan.experiment import ScaleName, Seeds
from wganbench.plan.keys import Values
from wganbench.plan.resolve import resolve
from wganbench.plan.runs import Run
from wganbench.plan.settings import layer
from wganbench.plan.yaml_files import as_yaml, read_mapping
from wganbench.plugins import Strict
from wganbench.plugins.explain import explain

UNPLANNED = "unplanned"  # stands where a planned run has its experiment


def _dotted(nested: Any) -> Any:
    """Return the settings of sections by dotted keys."""
    if not isinstance(nested, dict):
        return nested  # to be refused
    flat: dict[str, Any] = {}
    for key, value in nested.items():
        inner = value if isinstance(value, dict) else {"": value}
        flat |= {f"{key}.{name}".removesuffix("."): setting for name, setting in inner.items()}
    return flat


class _RunFile(Strict):
    scale: Annotated[ScaleName, Field(description="The scale it was planned at, for the record.")]
    seeds: Seeds
    configuration: Annotated[
        Values, BeforeValidator(_dotted), Field(description="Every setting, as run.json has them.")
    ]


def run_as_yaml(run: Run) -> str:
    """Return the text of the file that makes a run again."""
    settings = run.configuration.resolved().items()
    lines = "".join(_setting_as_yaml(json.dumps({name: value})) for name, value in settings)
    return as_yaml({"scale": run.scale, "seeds": list(run.seeds)}) + f"configuration:\n{lines}"


@cache
def _setting_as_yaml(setting: str) -> str:
    """Return a setting, given as JSON, as it stands in a file; runs share most of theirs."""
    return indent(as_yaml(json.loads(setting)), "  ")


def read_run(path: Path) -> Run:
    """Return the run that a file describes; its digest is that of the planned run it came from.

    Raises:
        UserError: the file is unreadable, or a setting is missing, unknown or out of range.
    """
    try:
        file = _RunFile.model_validate(read_mapping(path), strict=True)
    except ValidationError as error:
        raise UserError(f"{path}: {explain(error)}") from None
    settings = layer(file.configuration, "configuration")
    return Run(
        experiment=UNPLANNED,
        scale=file.scale,
        seeds=tuple(file.seeds),
        point={},
        configuration=resolve(settings, str(path), recorded=True),
    )
