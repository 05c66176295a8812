"""Plug-ins found by file: data sets, architectures, objectives, constraints, ways of training.

A plug-in is a frozen pydantic model. Its fields are its settings, so that the settings of a new
plug-in are validated, documented and part of the run's digest with no edit anywhere else. Modules
that define plug-ins import torch inside their methods only: planning must stay instant.
"""

import importlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Annotated, Any, Union

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from wganbench.errors import UserError
from wganbench.found import modules_in
from wganbench.offered import ALGORITHMS, modules_offered, offers, shown
from wganbench.plugins.explain import unknown_key

RECORDED = "recorded"  # context of validation: what is read may be older than some settings


class Strict(BaseModel):
    """A frozen model that refuses unknown keys and non-finite numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _knows(cls, content: Any, info: ValidationInfo) -> Any:
        """Refuse an unknown key before pydantic does, which has no near match to offer."""
        if not isinstance(content, dict):
            return content
        known = cls.model_fields
        for key in content:
            if key not in known:
                raise unknown_key(str(key), known)
        return {**_absent(cls), **content} if info.context == RECORDED else content

    def identity(self) -> dict[str, Any]:
        """Return the settings as plain data, without younger ones at rest: see `Since`."""
        dumped = self.model_dump(mode="json")
        for name in dumped:
            if isinstance(inner := getattr(self, name), Strict):
                dumped[name] = inner.identity()
        for name, value in _absent(type(self)).items():
            if name in dumped and dumped[name] == value:
                del dumped[name]
        return dumped


@cache
def _absent(model: type[Strict]) -> dict[str, Any]:
    """Return the settings that are younger than ids, with the values that older runs had."""
    return {
        name: mark.absent
        for name, field in model.model_fields.items()
        for mark in field.metadata
        if isinstance(mark, Since)
    }


class Plugin(Strict):
    """Base of everything that a configuration names; `name` is what YAML files write."""

    name: str


@dataclass(frozen=True)
class Since:
    """Marks a setting that is younger than run ids: Annotated[float, Since("0.2", absent=0.0)].

    A run in which it has the value `absent`, which is what older runs did without it, keeps the id
    that it had before the setting existed. `absent` is plain data and stays, whatever becomes of
    the default.
    """

    version: str
    """Of wganbench, the first that has the setting."""
    absent: Any


def any_of(package: str, base: type[Plugin]) -> Any:
    """Return the type "any plug-in of `package`'s kind that derives from `base`", chosen by name.

    Raises:
        UserError: two have one name, or a module from elsewhere is wrong.
    """
    found: dict[str, type[Plugin]] = {}
    for plugin in _plugins(package, base):
        name = plugin.model_fields["name"].default
        if other := found.get(name):
            raise UserError(
                f"{_place(plugin)}: name {name!r} is that of {_place(other)} too; rename one"
            )
        found[name] = plugin
    return Annotated[Union[tuple(found.values())], Field(discriminator="name")]  # noqa: UP007 - built at run time


def origins(configuration: Mapping[str, Any]) -> dict[str, str]:
    """Return the modules from elsewhere that have plug-ins of the names in a configuration.

    Each with its distribution and version, or with the digest of its file in `plugins/`.

    Args:
        configuration: as plain data.
    """
    named = set(_names(configuration))
    return {
        offer.module: offer.version
        for offer in offers()
        if (module := sys.modules.get(offer.module))
        and any(plugin.model_fields["name"].default in named for plugin in _own(module, Plugin))
    }


def _names(configuration: Mapping[str, Any]) -> Iterator[str]:
    for key, value in configuration.items():
        if isinstance(value, Mapping):
            yield from _names(value)
        elif key in ("name", "algorithm"):
            yield str(value)


def _plugins(package: str, base: type[Plugin]) -> Iterator[type[Plugin]]:
    root = importlib.import_module(package)
    for module in (root, *modules_in(package)):
        yield from _own(module, base)
    for module in modules_offered(package):
        yield from _own(module, base)
        others = [p for p in _own(module, Plugin) if not issubclass(p, base)]
        if others and package == ALGORITHMS:
            raise UserError(
                f"{_place(others[0])}: stands beside an algorithm, or imports {ALGORITHMS}, whose "
                "settings it is one of; move it into a file of its own"
            )


def _own(module: ModuleType, base: type[Plugin]) -> Iterator[type[Plugin]]:
    """Yield the plug-ins that a module defines."""
    for member in vars(module).values():
        if _is_plugin(member, base) and member.__module__ == module.__name__:
            yield member


def _is_plugin(member: Any, base: type[Plugin]) -> bool:
    """Tell plug-ins from everything else; a base class leaves `name` open, a plug-in fixes it."""
    if not (isinstance(member, type) and issubclass(member, base)):
        return False
    return isinstance(member.model_fields["name"].default, str)


def _place(plugin: type[Plugin]) -> str:
    return f"{shown(sys.modules[plugin.__module__])}, class {plugin.__name__}"
