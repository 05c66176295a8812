"""Flat settings: dotted keys with their values and the place in a file that each comes from.

Layers are laid over one another, later ones winning. Naming another plug-in (`constraint.name`)
drops the settings of the one it replaces, so that none of them leaks into its successor.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

BOTH = "optimizer."
NAME = ".name"
# What files of before algorithms had names write for a critic trained alone.
_FIXED = ("generator.name", "fixed")
_CRITIC_ONLY = ("algorithm", "critic-only")
BOTH_OPTIMIZERS = ("generator_optimizer", "critic_optimizer")


class Setting(NamedTuple):
    """A value, and the place and key where it was written, for error messages."""

    value: Any
    where: str


Settings = dict[str, Setting]


@cache
def spelt_out(key: str) -> tuple[str, ...]:
    """Return the settings that a key stands for: `optimizer.KEY` is both optimisers'."""
    if not key.startswith(BOTH):
        return (key,)
    return tuple(f"{name}.{key.removeprefix(BOTH)}" for name in BOTH_OPTIMIZERS)


def layer(values: Mapping[str, Any], where: str) -> Settings:
    """Return one layer; a setting of one optimiser wins over that of both."""
    both: Settings = {}
    named: Settings = {}
    for key, value in current(values).items():
        names = spelt_out(key)
        setting = Setting(value, f"{where}: {key}")
        (named if names == (key,) else both).update(dict.fromkeys(names, setting))
    return both | named


def overlay(layers: Iterable[Settings]) -> Settings:
    """Return the layers laid over one another."""
    result: Settings = {}
    for settings in layers:
        for key, setting in settings.items():
            if key in result and key.endswith(NAME) and result[key].value != setting.value:
                section = key.removesuffix(NAME)
                result = {k: s for k, s in result.items() if not k.startswith(f"{section}.")}
        result |= settings
    return result


def matches(condition: Mapping[str, Any], settings: Settings, unset: bool = False) -> bool:
    """Return whether every key of the condition has its value, or one of its list of values.

    `optimizer.KEY` asks the critic's optimiser. `unset` is the answer for a key that is not set.
    """
    return all(_holds(key, wanted, settings, unset) for key, wanted in condition.items())


def current(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with keys as they are written today."""
    return dict(_CRITIC_ONLY if item == _FIXED else item for item in values.items())


def _holds(key: str, wanted: Any, settings: Settings, unset: bool) -> bool:
    wishes = wanted if isinstance(wanted, list) else [wanted]
    if key == _FIXED[0] and _FIXED[1] in wishes and _holds(*_CRITIC_ONLY, settings, unset=False):
        return True
    setting = settings.get(f"critic_{key}" if key.startswith(BOTH) else key)
    if setting is None:
        return unset
    return setting.value in wishes


def nest(settings: Settings) -> dict[str, Any]:
    """Return the settings as nested dictionaries, one level deep."""
    nested: dict[str, Any] = {}
    for key, setting in settings.items():
        section, dot, rest = key.partition(".")
        if dot:
            nested.setdefault(section, {})[rest] = setting.value
        else:
            nested[key] = setting.value
    return nested
