"""The dotted keys of experiment files, so that a misspelt one is refused where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from inspect import getdoc
from typing import Annotated, Any, get_args

from pydantic import AfterValidator
from pydantic.fields import FieldInfo

from wganbench.algorithms import Algorithm
from wganbench.plan.configuration import ALGORITHM, Configuration
from wganbench.plan.settings import BOTH, BOTH_OPTIMIZERS, NAME
from wganbench.plugins import Plugin, Strict
from wganbench.plugins.explain import meant


@dataclass(frozen=True)
class Section:
    """A part of the configuration that is one of several plug-ins."""

    name: str
    about: str
    plugins: dict[str, type[Plugin]]

    def described(self, plugin: str) -> str:
        """Return a plug-in's documentation, on one line."""
        return " ".join((getdoc(self.plugins[plugin]) or "").split())


@cache
def algorithms() -> dict[str, type[Algorithm]]:
    """Return every algorithm by its name."""
    return _by_name(_plugins_of(Configuration.model_fields[ALGORITHM]))


def algorithm_section() -> Section:
    """Return the algorithms as a section, though their settings have keys without a prefix."""
    about = Configuration.model_fields[ALGORITHM].description or ""
    return Section(ALGORITHM, about, dict(algorithms()))


@cache
def holders() -> tuple[type[Strict], ...]:
    """Return whose fields an experiment's flat keys are: the configuration and each algorithm."""
    return (Configuration, *algorithms().values())


@cache
def sections() -> dict[str, Section]:
    """Return the sections by name: the data's, and those of all algorithms."""
    found: dict[str, Section] = {}
    for holder in holders():
        for name, field in holder.model_fields.items():
            plugins = _plugins_of(field)
            if plugins and name != ALGORITHM and name not in found:
                found[name] = Section(name, field.description or "", _by_name(plugins))
    return found


@cache
def choices(algorithm: str, section: str) -> dict[str, type[Plugin]]:
    """Return by name the plug-ins that a section of this algorithm's configurations may be.

    Raises:
        KeyError: there is no such algorithm, or it has no such section.
    """
    fields = Configuration.model_fields | algorithms()[algorithm].model_fields
    return _by_name(_plugins_of(fields[section]))


@cache
def holders_of(key: str) -> tuple[tuple[type[Strict], str], ...]:
    """Return each model that may hold a setting, and the setting's name there."""
    section, dot, name = key.partition(".")
    if not dot:
        return tuple((holder, key) for holder in holders() if key in holder.model_fields)
    plugins = {
        p
        for h in holders()
        if section in h.model_fields
        for p in _plugins_of(h.model_fields[section])
    }
    return tuple((plugin, name) for plugin in plugins if name in plugin.model_fields)


@cache
def known_keys() -> frozenset[str]:
    """Return the keys of every setting of every plug-in, and those of the configuration itself."""
    keys = frozenset(_keys())
    return keys | {
        f"{BOTH}{key.partition('.')[2]}" for key in keys if key.startswith(BOTH_OPTIMIZERS)
    }


@cache
def taken_by(algorithm: str) -> frozenset[str]:
    """Return the sections and plain settings that an algorithm takes, the configuration's too."""
    return frozenset(Configuration.model_fields) | frozenset(algorithms()[algorithm].model_fields)


def _keys() -> Iterator[str]:
    yield ALGORITHM
    for holder in holders():
        for name in holder.model_fields:
            if name not in sections() and (holder is Configuration or name != "name"):
                yield name
    for section in sections().values():
        for plugin in section.plugins.values():
            yield from (f"{section.name}.{setting}" for setting in plugin.model_fields)


def _plugins_of(field: FieldInfo) -> list[Any]:
    members = get_args(field.annotation) or (field.annotation,)
    return [m for m in members if isinstance(m, type) and issubclass(m, Plugin)]


def _by_name(plugins: list[Any]) -> dict[str, Any]:
    return {plugin.model_fields["name"].default: plugin for plugin in plugins}


def _check(values: dict[str, Any]) -> dict[str, Any]:
    for key in values:
        if f"{key}.name" in known_keys():
            raise ValueError(f"{key}: is no setting but has some; write `{key}.name: ...`")
        if key not in known_keys():
            raise ValueError(f"{key}: unknown key{meant(key, known_keys())}")
    return values


def is_tunable(key: str) -> bool:
    """Tell how something is trained from what it is, on what, and for how long."""
    return not key.endswith(NAME) and key.partition(".")[0] not in Configuration.model_fields


def _check_tunable(axes: dict[str, list[Any]]) -> dict[str, list[Any]]:
    for key in axes:
        if not is_tunable(key):
            raise ValueError(f"{key}: says what is compared or at what budget, and is not tuned")
    return axes


def _check_distinct(keys: list[str]) -> list[str]:
    if len(set(keys)) < len(keys):
        raise ValueError("a key stands here twice")
    return list(_check(dict.fromkeys(keys)))


Dotted = AfterValidator(_check)
Tunable = AfterValidator(_check_tunable)
Values = Annotated[dict[str, Any], Dotted]
Keys = Annotated[list[str], AfterValidator(_check_distinct)]
