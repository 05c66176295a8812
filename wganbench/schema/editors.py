"""JSON Schemas of experiment files and of params.yaml, with which editors complete and check.

They know every dotted key and its values. What only a whole configuration shows (a setting of a
plug-in that is not chosen, nets that do not fit the data) `wganbench plan` reports.
"""

import json
from itertools import groupby
from operator import attrgetter
from typing import Any

from wganbench.plan.experiment import SCALES, Experiment
from wganbench.plan.keys import Section, is_tunable
from wganbench.plan.params import Params
from wganbench.plan.presets import PRESETS
from wganbench.plan.settings import BOTH, BOTH_OPTIMIZERS
from wganbench.schema.settings import Schema, Setting, cleaned, sections, settings

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SETTINGS = {"$ref": "#/$defs/Settings"}
_AXIS = {"$ref": "#/$defs/Axis"}
_CONDITION = {"$ref": "#/$defs/Condition"}


def schemas() -> dict[str, Schema]:
    """Return the schema of each kind of file that a user writes."""
    return {"experiment": experiment_schema(), "params": _of_model(Params)}


def as_text(schema: Schema) -> str:
    """Return a schema as it is saved."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def experiment_schema() -> Schema:
    """Return the schema of `experiments/*.yaml`."""
    schema = _of_model(Experiment)
    values = _values()
    parts = schema["$defs"]
    parts |= {
        "Settings": _keyed(values),
        "Condition": _keyed({key: _one_or_several(key) for key in values}),
        "Axes": _keyed({key: _one_or_several(key, _AXIS) for key in values}) | {"minProperties": 1},
        "TriedAxes": _keyed({key: _several(key) for key in values if is_tunable(key)})
        | {"minProperties": 1},
    }
    _put(parts["Override"], when=_CONDITION, set=_SETTINGS)
    _put(parts["Axis"], when=_CONDITION)
    _put(parts["Tried"], when=_CONDITION, axes={"$ref": "#/$defs/TriedAxes"})
    _put(parts["Scale"], set=_SETTINGS, only=_CONDITION)
    _put(schema, base=_SETTINGS)
    for part in ("Scale", "Tuned"):
        parts[part]["properties"]["without"]["items"] = {**_CONDITION, "minProperties": 1}
    parts["Subset"]["properties"]["same_for"]["items"] = {"enum": list(values)}
    schema["properties"]["grid"]["items"] = {"$ref": "#/$defs/Axes"}
    # Editors complete the usual names; any other is the user's own.
    schema["properties"]["scales"] |= {
        "properties": {name: {"$ref": "#/$defs/Scale"} for name in SCALES},
        "additionalProperties": False,
    }
    return schema


def _of_model(model: type[Experiment] | type[Params]) -> Schema:
    return {"$schema": DIALECT, **_without_titles(model.model_json_schema())}


def _without_titles(schema: Any) -> Any:
    """Return a schema without pydantic's titles; a property that is called `title` stays."""
    if isinstance(schema, list):
        return [_without_titles(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = (key for key, value in schema.items() if key != "title" or isinstance(value, dict))
    return {key: _without_titles(schema[key]) for key in kept}


def _put(model: Schema, **references: Schema) -> None:
    """Give properties that hold dotted keys the schema of these; descriptions and defaults stay."""
    for name, reference in references.items():
        old = model["properties"][name]
        kept = {key: old[key] for key in ("description", "default") if key in old}
        model["properties"][name] = reference | kept


def _values() -> dict[str, Schema]:
    """Return the schema of the value of each dotted key."""
    found = {f"{section.name}.name": _names(section) for section in sections()}
    by_key = groupby(sorted(settings(), key=attrgetter("key")), key=attrgetter("key"))
    found |= {key: _merged(list(same)) for key, same in by_key}
    found["method"] = {
        "description": found["method"]["description"],
        "anyOf": [{"enum": list(PRESETS)}, {"type": "string"}],
    }
    for key in [key for key in found if key.startswith(BOTH)]:
        found |= {f"{one}.{key.removeprefix(BOTH)}": found[key] for one in BOTH_OPTIMIZERS}
    return dict(sorted(found.items()))


def _names(section: Section) -> Schema:
    names = [{"const": name, "description": section.described(name)} for name in section.plugins]
    return {"description": section.about, "oneOf": names}


def _merged(same: list[Setting]) -> Schema:
    """Return one schema for a key that several plug-ins have; defaults are each one's own."""
    texts = {setting.schema.get("description", ""): "" for setting in same}
    alone = [{k: v for k, v in cleaned(s.schema).items() if k != "description"} for s in same]
    kinds = [{k: v for k, v in schema.items() if k != "default"} for schema in alone]
    different = [kind for n, kind in enumerate(kinds) if kind not in kinds[:n]]
    value = different[0] if len(different) == 1 else {"anyOf": different}
    return {"description": " Or: ".join(filter(None, texts)), **value}


def _keyed(values: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": values, "additionalProperties": False}


def _several(key: str) -> Schema:
    one = {"$ref": f"#/$defs/Settings/properties/{key}"}
    return {"type": "array", "items": one, "minItems": 2}


def _one_or_several(key: str, *further: Schema) -> Schema:
    one = {"$ref": f"#/$defs/Settings/properties/{key}"}
    return {"anyOf": [one, {"type": "array", "items": one}, *further]}
