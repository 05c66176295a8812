"""Plug-ins found by file: data sets, architectures, objectives, constraints, ways of training.

A plug-in is a frozen pydantic model. Its fields are its settings, so that the settings of a new
plug-in are validated, documented and part of the run's digest with no edit anywhere else. Modules
that define plug-ins import torch inside their methods only: planning must stay instant.
"""

import importlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, Union

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from wganbench.found import modules_in
from wganbench.plugins.explain import unknown_key

GROUP = "wganbench."  # of a distribution's entry points, and then a folder: wganbench.objectives
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
    """Return the type "any plug-in in `package` that derives from `base`", chosen by name."""
    classes = tuple(_plugins(package, base))
    return Annotated[Union[classes], Field(discriminator="name")]  # noqa: UP007 - built at run time


def _plugins(package: str, base: type[Plugin]) -> Iterator[type[Plugin]]:
    root = importlib.import_module(package)
    for module in (root, *modules_in(package), *_modules_elsewhere(package)):
        for member in vars(module).values():
            if _is_plugin(member, base) and member.__module__ == module.__name__:
                yield member


def _is_plugin(member: Any, base: type[Plugin]) -> bool:
    """Tell plug-ins from everything else; a base class leaves `name` open, a plug-in fixes it."""
    if not (isinstance(member, type) and issubclass(member, base)):
        return False
    return isinstance(member.model_fields["name"].default, str)


def _modules_elsewhere(package: str) -> Iterator[ModuleType]:
    """Yield the modules that installed distributions offer as entry points of the package."""
    if not _any_offered():
        return
    from importlib.metadata import entry_points

    for entry in sorted(entry_points(group=package), key=lambda entry: entry.name):
        yield importlib.import_module(entry.module)


@cache
def _any_offered() -> bool:
    """Look for our group in the installed entry points: reading all of them takes far longer."""
    group = f"[{GROUP}".encode()
    return any(
        group in file.read_bytes()
        for folder in dict.fromkeys(sys.path)
        for file in Path(folder).glob("*-info/entry_points.txt")
    )
