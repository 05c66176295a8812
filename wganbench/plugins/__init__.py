"""Plug-ins found by file: data sets, architectures, objectives, constraints and optimisers.

A plug-in is a frozen pydantic model. Its fields are its settings, so that the settings of a new
plug-in are validated, documented and part of the run's digest with no edit anywhere else. Modules
that define plug-ins import torch inside their methods only: planning must stay instant.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Annotated, Any, ClassVar, Union

from pydantic import BaseModel, ConfigDict, Field, model_validator

from wganbench.plugins.explain import unknown_key


class Strict(BaseModel):
    """A frozen model that refuses unknown keys and non-finite numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _knows(cls, content: Any) -> Any:
        """Refuse an unknown key before pydantic does, which has no near match to offer."""
        for key in content if isinstance(content, dict) else ():
            if key not in cls.model_fields:
                raise unknown_key(str(key), cls.model_fields)
        return content


class Plugin(Strict):
    """Base of everything that a configuration names; `name` is what YAML files write."""

    name: str
    # Further files of the package, from its top, whose code decides what the plug-in computes.
    uses: ClassVar[tuple[str, ...]] = ()


def any_of(package: str, base: type[Plugin]) -> Any:
    """Return the type "any plug-in in `package` that derives from `base`", told apart by name."""
    classes = tuple(_plugins(package, base))
    return Annotated[Union[classes], Field(discriminator="name")]  # noqa: UP007 - built at run time


def _plugins(package: str, base: type[Plugin]) -> Iterator[type[Plugin]]:
    root = importlib.import_module(package)
    for module in (root, *modules_in(package)):
        for member in vars(module).values():
            if _is_plugin(member, base) and member.__module__ == module.__name__:
                yield member


def _is_plugin(member: Any, base: type[Plugin]) -> bool:
    """Tell plug-ins from everything else; a base class leaves `name` open, a plug-in fixes it."""
    if not (isinstance(member, type) and issubclass(member, base)):
        return False
    return isinstance(member.model_fields["name"].default, str)


def modules_in(package: str) -> Iterator[ModuleType]:
    """Yield a package's modules, in the order of their names.

    Its subpackages are left out: they hold machinery and nothing that is found by its file.
    """
    root = importlib.import_module(package)
    for found in pkgutil.iter_modules(root.__path__):
        if not found.ispkg:
            yield importlib.import_module(f"{package}.{found.name}")
