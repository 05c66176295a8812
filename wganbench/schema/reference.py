"""docs/schema.md: the reference of what users write, from the models' own descriptions."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from wganbench.plan.configuration import ALGORITHM
from wganbench.plan.experiment import Axis, Experiment, Override, Scale, Subset, Tried, Tuned
from wganbench.plan.keys import Section, algorithm_section
from wganbench.plan.params import Params
from wganbench.plan.presets import PRESETS
from wganbench.plugins import Strict
from wganbench.schema.settings import Schema, Setting, cleaned, sections, settings

_MODELS = (
    ("An experiment file", Experiment, "`experiments/NAME.yaml`: one question."),
    ("`scales.NAME`", Scale, ""),
    ("`scales.NAME.subset`", Subset, ""),
    ("`scales.NAME.tuned`", Tuned, ""),
    ("An item of `tuned.settings`", Tried, ""),
    ("An item of `overrides`", Override, ""),
    ("An axis with a condition", Axis, ""),
)
_FACTS = ("value", "default", "what it is")
_KINDS = {
    "string": "text",
    "array": "list",
    "object": "keys and values",
    "boolean": "true or false",
}
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
        parts += [f"## {title}", about or " ".join(str(model.__doc__).split()), _model(model)]
    parts += ["## Settings", "Of every configuration:", _table(_own())]
    parts += [f"### `{ALGORITHM}`", *_section(algorithm_section(), ALGORITHM, "")]
    for section in sections():
        parts += [f"### `{section.name}`", section.about]
        parts += _section(section, f"{section.name}.name", section.name)
    about = "What `method` stands for, before anything else is laid over it."
    return "\n\n".join([*parts, "## Presets", about, _presets()])


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
    names = ((f"`{name}`", section.described(name)) for name in section.plugins)
    yield _markdown((f"`{chosen_by}`", "what it is"), names)
    rows = [
        (f"`{same[0].key}`", ", ".join(f"`{s.owner}`" for s in same), *_facts(same[0]))
        for same in _grouped(prefix)
    ]
    if rows:
        yield _markdown(("key", "of", *_FACTS), rows)


def _grouped(prefix: str) -> list[list[Setting]]:
    """Return a section's settings, those together that several plug-ins have alike."""
    grouped: dict[tuple[str, str], list[Setting]] = defaultdict(list)
    for setting in settings():
        if setting.section == prefix and setting.owner:
            alike = json.dumps(setting.schema, sort_keys=True)
            grouped[setting.key, alike].append(setting)
    return sorted(grouped.values(), key=lambda same: same[0].key)


def _table(rows: Iterator[Setting]) -> str:
    return _markdown(("key", *_FACTS), ((f"`{s.key}`", *_facts(s)) for s in rows))


def _facts(setting: Setting) -> tuple[str, str, str]:
    schema = setting.schema
    default = "required" if setting.required else _default(schema.get("default"))
    return _kind(schema), default, schema.get("description", "")


def _default(value: Any) -> str:
    return "none" if value in ("", [], {}, None) else f"`{json.dumps(value)}`"


def _kind(schema: Schema) -> str:
    """Return in words what values a schema takes."""
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "anyOf" in schema:
        parts = [part for part in schema["anyOf"] if part.get("type") != "null"]
        return " or ".join(_kind(part) for part in parts)
    if "$ref" in schema:  # a table of its own
        return _KINDS["object"]
    kind = _KINDS.get(schema["type"], str(schema["type"]))
    bounds = [text.format(_amount(schema[key])) for key, text in _BOUNDS.items() if key in schema]
    return " ".join([kind, ", ".join(bounds)]).strip()


def _amount(bound: float) -> str:
    return f"{int(bound):,}" if bound == int(bound) else f"{bound:g}"


def _presets() -> str:
    keys = sorted({key for preset in PRESETS.values() for key in preset})
    rows = ((f"`{key}`", *(str(p.get(key, "")) for p in PRESETS.values())) for key in keys)
    return _markdown(("key", *(f"`{name}`" for name in PRESETS)), rows)


def _markdown(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = ([cell.replace("|", "\\|") for cell in row] for row in (headings, *rows))
    head, *lines = (f"| {' | '.join(row)} |" for row in cells)
    return "\n".join([head, "|---" * len(headings) + "|", *lines])
