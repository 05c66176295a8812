"""The schema of an experiment file. Its field descriptions are its documentation."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError, field_validator

from wganbench.errors import UserError
from wganbench.plan.plugins import Strict

ScaleName = Literal["smoke", "laptop", "gpu", "paper"]
SCALES: tuple[ScaleName, ...] = ("smoke", "laptop", "gpu", "paper")
Values = dict[str, Any]
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
MAX_FILE_BYTES = 1_000_000


class Override(Strict):
    """Settings for those configurations that match a condition."""

    when: Annotated[
        Values, Field(description="Dotted keys and the value, or the list of values, they have.")
    ]
    set: Annotated[Values, Field(description="Dotted keys and the values they get.")]


class Axis(Strict):
    """An axis of the grid that exists only where a condition holds."""

    values: Annotated[list[Any], Field(min_length=1, description="The values along the axis.")]
    when: Annotated[
        Values, Field(description="The condition; elsewhere the axis is left out of the grid.")
    ]


class Scale(Strict):
    """How large the experiment is at one scale, and what differs from the base there."""

    seeds: Annotated[
        int | list[int], Field(description="The seeds, or how many of them (0, 1, 2, ...).")
    ]
    set: Annotated[Values, Field(description="Settings of every configuration at this scale.")] = {}
    overrides: Annotated[
        list[Override], Field(description="Settings of some configurations at this scale.")
    ] = []
    only: Annotated[
        Values,
        Field(
            description="Keeps the part of the grid whose settings have these values; a "
            "configuration without the setting is kept."
        ),
    ] = {}

    @field_validator("seeds")
    @classmethod
    def _seeds(cls, seeds: int | list[int]) -> list[int]:
        listed = list(range(seeds)) if isinstance(seeds, int) else seeds
        if not 1 <= len(listed) <= 1000 or len(set(listed)) < len(listed):
            raise ValueError("needs 1 to 1000 seeds, each once")
        if not all(0 <= seed < 2**63 for seed in listed):
            raise ValueError("a seed lies between 0 and 2^63 - 1")
        return listed


class Experiment(Strict):
    """One question: a figure, table or example of a paper, and the grid that answers it."""

    title: Annotated[str, Field(min_length=1, description="Heading in the report.")]
    source: Annotated[str, Field(min_length=1, description="Paper and section, figure or table.")]
    question: Annotated[str, Field(min_length=1, description="What the experiment asks.")]
    notes: Annotated[
        str, Field(description="What a reader must know: choices that the source leaves open.")
    ] = ""
    base: Annotated[
        Values, Field(description="Settings of every configuration, over the method's preset.")
    ] = {}
    overrides: Annotated[
        list[Override], Field(description="Settings of some configurations, at every scale.")
    ] = []
    grid: Annotated[
        list[dict[str, Any]],
        Field(
            min_length=1,
            description="Blocks; each is the product of its axes: dotted key to a list of values, a "
            "single value, or {values, when}.",
        ),
    ]
    scales: Annotated[
        dict[ScaleName, Scale], Field(min_length=1, description="Every scale it can run at.")
    ]

    @field_validator("grid")
    @classmethod
    def _grid(cls, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for number, block in enumerate(blocks):
            if not block:
                raise ValueError(f"block {number} has no axis")
            for key, axis in block.items():
                if axis == [] or (isinstance(axis, dict) and not axis.get("values")):
                    raise ValueError(f"{key} has no values, so the grid is empty")
                if isinstance(axis, dict):
                    Axis.model_validate(axis)
        return blocks


class _Loader(yaml.SafeLoader):
    """SafeLoader that refuses a key given twice and aliases (no file needs them, bombs do)."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem="aliases are not allowed", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise yaml.MarkedYAMLError(
                    problem=f"key {key!r} is no text; put it in quotes",
                    problem_mark=key_node.start_mark,
                )
            if key in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"key {key!r} stands here twice", problem_mark=key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file.

    Raises:
        UserError: the file is missing, too large, not UTF-8 or not YAML.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UserError(f"{path}: larger than {MAX_FILE_BYTES:,} bytes")
        return yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a SafeLoader
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: is not UTF-8 at byte {error.start}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise UserError(f"{path}:{line} is not valid YAML: {problem}") from None
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: is not valid YAML: {error}") from None


def load_experiment(path: Path) -> Experiment:
    """Return the experiment that a file describes.

    Raises:
        UserError: the file is unreadable, badly named or does not fit the schema.
    """
    if not NAME.fullmatch(path.stem):
        raise UserError(f"{path}: the name may hold a-z, 0-9 and - only, as it names a folder")
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise UserError(f"{path}: holds no keys; an experiment needs title, source, grid, scales")
    try:
        return Experiment.model_validate(content)
    except ValidationError as error:
        raise UserError(f"{path}: {explain(error, Experiment)}") from None


def explain(error: ValidationError, model: type[Strict]) -> str:
    """Return the first problem of a validation as "key: what is wrong", with a near match."""
    from difflib import get_close_matches

    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        last = str(first["loc"][-1])
        near = get_close_matches(last, model.model_fields, n=1)
        return f"{key}: unknown key" + (f"; did you mean {near[0]!r}?" if near else "")
    return f"{key}: {first['msg'].removeprefix('Value error, ')}"
