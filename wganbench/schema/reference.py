"""docs/schema.md: the reference of what users write, from the models' own descriptions."""

import json
from collections.abc import Iterator
from typing import Any

from wganbench.plan.configuration import ALGORITHM
from wganbench.plan.experiment import Axis, Experiment, Override, Scale
from wganbench.plan.keys import Section, algorithm_section
from wganbench.plan.params import Params
from wganbench.plan.presets import PRESETS
from wganbench.plugins import Strict
from wganbench.schema.settings import Schema, Setting, cleaned, sections, settings

_MODELS = (
    ("An experiment file", Experiment, "`experiments/NAME.yaml`: one question."),
    ("`scales.NAME`", Scale, ""),
    ("An item of `overrides`", Override, ""),
    ("An axis with a condition", Axis, ""),
)
_COLUMNS = "| key | value | default | what it is |\n|---|---|---|---|"
_BOUNDS = {
    "minimum": "≥ {}",
    "exclusiveMinimum": "> {}",
    "maximum": "≤ {}",
    "exclusiveMaximum": "< {}",
}


def reference() -> str:
    """Return the generated part of docs/schema.md."""
    parts = ["## `params.yaml`", _model(Params)]
    for title, model, about in _MODELS:
        parts += [f"## {title}", about or _about(model), _model(model)]
    parts += ["## Settings", "Of every configuration:", _table(_own())]
    parts += [f"### `{ALGORITHM}`", *_section(algorithm_section(), ALGORITHM, "")]
    for section in sections():
        parts += [
            f"### `{section.name}`",
            section.about,
            *_section(section, f"{section.name}.name", section.name),
        ]
    parts += [
        "## Presets",
        "What `method` stands for, before anything else is laid over it.",
        _presets(),
    ]
    return "\n\n".join(parts)


def _about(model: type[Strict]) -> str:
    return " ".join((model.__doc__ or "").split())


def _model(model: type[Strict]) -> str:
    whole = model.model_json_schema()
    return _table(
        Setting(name, "", cleaned(schema), name in whole["required"])
        for name, schema in whole["properties"].items()
    )


def _own() -> Iterator[Setting]:
    return (s for s in settings() if not s.section and not s.owner and s.key != ALGORITHM)


def _section(section: Section, chosen_by: str, prefix: str) -> Iterator[str]:
    """Yield the section's plug-ins, and their settings, whose keys have the prefix."""
    names = (f"| `{name}` | {_cell(section.described(name))} |" for name in section.plugins)
    yield "\n".join([f"| `{chosen_by}` | what it is |", "|---|---|", *names])
    rows = [_row(key, same) for key, same in _grouped(prefix).items()]
    if rows:
        header = "| key | of | value | default | what it is |\n|---|---|---|---|---|"
        yield "\n".join([header, *rows])


def _grouped(prefix: str) -> dict[tuple[str, str], list[Setting]]:
    """Return a section's settings, those together that several plug-ins have alike."""
    grouped: dict[tuple[str, str], list[Setting]] = {}
    for setting in settings():
        if setting.section == prefix and setting.owner:
            alike = json.dumps(setting.schema, sort_keys=True)
            grouped.setdefault((setting.key, alike), []).append(setting)
    return dict(sorted(grouped.items(), key=lambda item: item[0][0]))


def _row(key: tuple[str, str], same: list[Setting]) -> str:
    owners = ", ".join(f"`{setting.owner}`" for setting in same)
    return f"| `{key[0]}` | {owners} | {_facts(same[0])} |"


def _table(rows: Iterator[Setting]) -> str:
    return "\n".join([_COLUMNS, *(f"| `{s.key}` | {_facts(s)} |" for s in rows)])


def _facts(setting: Setting) -> str:
    schema = setting.schema
    default = "required" if setting.required else _default(schema.get("default"))
    return f"{_kind(schema)} | {default} | {_cell(schema.get('description', ''))}"


def _default(value: Any) -> str:
    return "none" if value in ("", [], {}) else f"`{json.dumps(value)}`"


def _kind(schema: Schema) -> str:
    """Return in words what values a schema takes."""
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(_kind(part) for part in schema["anyOf"])
    word = {
        "string": "text",
        "array": "list",
        "object": "keys and values",
        "boolean": "true or false",
    }
    kind = str(word.get(schema["type"], schema["type"]))
    bounds = [text.format(_amount(schema[key])) for key, text in _BOUNDS.items() if key in schema]
    return " ".join([kind, ", ".join(bounds)]).strip()


def _amount(bound: float) -> str:
    return f"{int(bound):,}" if bound == int(bound) else f"{bound:g}"


def _presets() -> str:
    keys = sorted({key for preset in PRESETS.values() for key in preset})
    rows = [
        f"| `{key}` | " + " | ".join(str(preset.get(key, "")) for preset in PRESETS.values()) + " |"
        for key in keys
    ]
    names = " | ".join(f"`{name}`" for name in PRESETS)
    return "\n".join([f"| | {names} |", "|---" * (len(PRESETS) + 1) + "|", *rows])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
