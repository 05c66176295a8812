"""Modules found by their file: what is added to a package's folder is part of it, with no list."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def stated(package: str, name: str, kind: type[T]) -> dict[str, T]:
    """Return what each module of a package states as `name`, by the module's name.

    Raises:
        TypeError: a module states none, or something else.
    """
    found = {}
    for module in modules_in(package):
        value = getattr(module, name, None)
        if not isinstance(value, kind):
            raise TypeError(f"{module.__name__}: it needs {name} = {kind.__name__}(...)")
        found[module.__name__.rpartition(".")[2]] = value
    return found


def modules_in(package: str) -> Iterator[ModuleType]:
    """Yield a package's modules, in the order of their names.

    Its subpackages are left out: they hold machinery and nothing that is found by its file.
    """
    root = importlib.import_module(package)
    for found in pkgutil.iter_modules(root.__path__):
        if not found.ispkg:
            yield importlib.import_module(f"{package}.{found.name}")
