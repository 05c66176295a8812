"""The dotted keys of experiment files, so that a misspelt one is refused where it stands."""

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, get_args

from pydantic import AfterValidator

from wganbench.plan.configuration import Configuration
from wganbench.plan.settings import BOTH_OPTIMIZERS
from wganbench.plugins import Plugin
from wganbench.plugins.explain import meant


@cache
def known_keys() -> frozenset[str]:
    """Return the keys of every setting of every plug-in, and those of the configuration itself."""
    keys = frozenset(_keys())
    return keys | {
        f"optimizer.{key.partition('.')[2]}" for key in keys if key.startswith(BOTH_OPTIMIZERS)
    }


def _keys() -> Iterator[str]:
    for name, field in Configuration.model_fields.items():
        plugins = [c for c in get_args(field.annotation) if _is_plugin(c)]
        if not plugins:
            yield name
        for plugin in plugins:
            yield from (f"{name}.{setting}" for setting in plugin.model_fields)


def _is_plugin(member: Any) -> bool:
    return isinstance(member, type) and issubclass(member, Plugin)


def _check(values: dict[str, Any]) -> dict[str, Any]:
    for key in values:
        if f"{key}.name" in known_keys():
            raise ValueError(f"{key}: is no setting but has some; write `{key}.name: ...`")
        if key not in known_keys():
            raise ValueError(f"{key}: unknown key{meant(key, known_keys())}")
    return values


Dotted = AfterValidator(_check)
Values = Annotated[dict[str, Any], Dotted]
