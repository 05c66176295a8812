"""Modules found by their file: what is added to a package's folder is part of it, with no list."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import TypeVar

from wganbench.errors import UserError
from wganbench.offered import STATED, modules_offered, shown

T = TypeVar("T")


def stated(package: str, name: str, kind: type[T]) -> dict[str, T]:
    """Return what each module of a package states as `name`, by the module's name.

    Modules from elsewhere that state it follow.

    Raises:
        TypeError: a module of the package states none, or something else.
        UserError: one from elsewhere does, or has the name of another.
    """
    found: dict[str, ModuleType] = {}
    for module in modules_in(package):
        if not isinstance(getattr(module, name, None), kind):
            raise TypeError(f"{module.__name__}: it needs {name} = {kind.__name__}(...)")
        found[_last(module)] = module
    for module in modules_offered(package) if package in STATED else ():
        if not isinstance(getattr(module, name), kind):
            raise UserError(f"{shown(module)}: {name}: is not a {kind.__name__}(...)")
        if other := found.get(_last(module)):
            raise UserError(f"{shown(module)}: is named as {shown(other)} is; rename the file")
        found[_last(module)] = module
    return {last: getattr(module, name) for last, module in found.items()}


def _last(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def modules_in(package: str) -> Iterator[ModuleType]:
    """Yield a package's modules, in the order of their names.

    Its subpackages are left out: they hold machinery and nothing that is found by its file.
    """
    root = importlib.import_module(package)
    for found in pkgutil.iter_modules(root.__path__):
        if not found.ispkg:
            yield importlib.import_module(f"{package}.{found.name}")
