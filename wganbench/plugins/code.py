"""The code behind a result: what a step really imports, as a digest that prose cannot change.

The digest covers the modules that a step and its plug-ins import, by their syntax trees: an edit of
comments, docstrings, descriptions of settings, formatting or line endings changes nothing. Imports
for types apart, it follows `wganbench` and the packages that plug-ins come from; libraries are in a
run's record by their versions.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from wganbench.errors import UserError
from wganbench.offered import FOLDER, STATED, offers
from wganbench.plugins import Strict

OURS = "wganbench"
LENGTH = 16  # hex digits
# Where imports are followed no further. What these modules promise has a version or a digest of its
# own: a record's schema, a run's settings; or it decides no number: an error's words, a lock.
CONTRACTS = tuple(
    f"{OURS}.{name}"
    for name in ("errors", "files", "found", "locks", "offered", "plan", "plugins", "records")
)
_LIBRARIES = {"pydantic", *sys.stdlib_module_names}  # whose classes plug-ins may derive from
# Fields of syntax nodes that no result depends on, and that Python's versions fill differently.
_IDLE = {"ctx", "kind", "type_comment", "type_ignores"}


def code_digest(*steps: str, plugins: Iterable[Strict] = ()) -> str:
    """Return the digest of the code that some modules run on some plug-ins.

    Args:
        steps: names of modules: where a step begins; `PACKAGE.*` stands for every module that is
            found by its file in a package, and from elsewhere in its place.
        plugins: what its settings name; plug-ins among their settings count too.

    Raises:
        UserError: a plug-in has no file, as it was typed at a prompt.
    """
    homes = {
        base.__module__
        for plugin in _with_nested(plugins)
        for base in type(plugin).__mro__
        if base.__module__.partition(".")[0] not in _LIBRARIES
    }
    begun = {name for step in steps for name in _spelt_out(step)}
    return _digest(frozenset({*begun, *homes}))


def closure(modules: Iterable[str]) -> frozenset[str]:
    """Return the modules that some modules import, themselves included, contracts left out.

    Raises:
        UserError: one of the modules has no file.
    """
    waiting = sorted({name for name in modules if not _is_contract(name)})
    for name in waiting:
        if _file(name) is None:
            raise UserError(f"plug-in module {name}: has no file; save it as a module of a package")
    followed = {OURS, *(name.partition(".")[0] for name in waiting)}
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [n for n in _imports(name) if n.partition(".")[0] in followed]
    return frozenset(found)


def read_ahead(modules: Iterable[str]) -> None:
    """Read modules that digests will be of; whoever does answers for their files staying as is."""
    for name in modules:
        if not _is_contract(name) and _file(name) is not None:
            _read(name)


@cache
def _digest(modules: frozenset[str]) -> str:
    names = sorted(closure(modules))
    lines = [f"{name} {_read(name).digest}\n" for name in names]
    folders = sorted({_package(name) for name in names} - {""})
    lines += [f"{line}\n" for folder in folders for line in _data_files(folder)]
    return sha256("".join(lines).encode()).hexdigest()[:LENGTH]


def _spelt_out(step: str) -> list[str]:
    package = step.removesuffix(".*")
    init = _file(package)
    if package == step or init is None:
        return [step]
    theirs = offers() if package in STATED else ()
    return [
        *(f"{package}.{path.stem}" for path in init.parent.glob("[!._]*.py")),
        *(offer.module for offer in theirs if offer.kind() == package),
    ]


def _with_nested(plugins: Iterable[Strict]) -> Iterator[Strict]:
    for plugin in plugins:
        yield plugin
        yield from _with_nested(v for v in vars(plugin).values() if isinstance(v, Strict))


def _is_contract(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in CONTRACTS)


@cache
def _file(module: str) -> Path | None:
    """Return a module's source file without importing it; None where there is no such module."""
    top, *rest = module.split(".")
    try:
        spec = find_spec(top)
    except ValueError:  # __main__ at a prompt
        return None
    if spec is None:
        return None
    if not rest:
        return Path(spec.origin) if spec.origin and spec.origin.endswith(".py") else None
    for root in spec.submodule_search_locations or ():
        place = Path(root, *rest)
        for file in (place.with_name(f"{place.name}.py"), place / "__init__.py"):
            if file.is_file():
                return file
    return None


def _package(module: str) -> str:
    """Return the package in whose folder a module's file lies; nothing for a module on its own."""
    file = _file(module)
    return module if file and file.name == "__init__.py" else module.rpartition(".")[0]


@cache
def _data_files(package: str) -> tuple[str, ...]:
    """Return name and digest of what a package's folder holds besides modules, like templates."""
    init = _file(package)
    if init is not None and init.name == "__init__.py":
        folder = init.parent
    elif package == FOLDER.name:  # a project's, without __init__.py
        folder = Path(*sys.modules[package].__path__)
    else:
        return ()
    found = []
    for path in sorted(_besides_modules(folder)):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        name = path.relative_to(folder).as_posix()
        found.append(f"{package} {name} {sha256(content).hexdigest()}")
    return tuple(found)


def _besides_modules(folder: Path) -> Iterator[Path]:
    """Yield files in a folder and below that are no modules; packages below have their own."""
    for path in folder.iterdir():
        if path.name.startswith((".", "__pycache__")):
            continue
        if path.is_dir() and not path.is_symlink() and not (path / "__init__.py").exists():
            yield from _besides_modules(path)
        elif path.is_file() and path.suffix not in (".py", ".pyc"):
            yield path


@dataclass(frozen=True)
class _Read:
    """What a module's file says, gone through once."""

    digest: str
    imports: tuple[ast.Import | ast.ImportFrom, ...]


@cache
def _read(module: str) -> _Read:
    file = _file(module)
    assert file is not None, "found before"
    words: list[str] = []
    imports: list[ast.Import | ast.ImportFrom] = []
    _spell(ast.parse(file.read_text(encoding="utf-8"), str(file)), words, imports)
    return _Read(sha256("\0".join(words).encode()).hexdigest(), tuple(imports))


def _spell(part: object, words: list[str], imports: list[ast.Import | ast.ImportFrom]) -> None:
    """Append the words and the imports of a syntax tree, less what no run depends on.

    Empty fields, which newer Pythons add, are left out.
    """
    if isinstance(part, ast.AST):
        if isinstance(part, ast.Import | ast.ImportFrom):
            imports.append(part)
        words.append(f"({type(part).__name__}")
        for name in part._fields:
            value = getattr(part, name, None)
            if isinstance(value, list):
                value = _running(part, value)
            if value is not None and value != [] and name not in _IDLE:
                words.append(name)
                _spell(value, words, imports)
        words.append(")")
    elif isinstance(part, list):
        for element in part:
            _spell(element, words, imports)
        words.append("]")
    else:
        words.append(repr(part))


def _running(parent: ast.AST, nodes: list[Any]) -> list[Any]:
    """Leave out docstrings, descriptions of settings and what is imported for types."""
    left: list[Any] = []
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module == "typing":
            node.names = [alias for alias in node.names if alias.name != "TYPE_CHECKING"]
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            left += _running(node, node.orelse)
        elif not _is_idle(parent, node):
            left.append(node)
    return left


def _is_idle(parent: ast.AST, node: Any) -> bool:
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return True  # a docstring, of a module, class or function, or below a field
        case ast.ImportFrom(names=[]):
            return True
        case ast.keyword(arg="description"):
            return getattr(getattr(parent, "func", None), "id", "") == "Field"
    return False


@cache
def _imports(module: str) -> tuple[str, ...]:
    """Return the modules that a module imports, at its top or later, contracts left out."""
    found: set[str] = set()
    package = _package(module)
    for node in _read(module).imports:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        else:
            above = package.split(".")[: len(package.split(".")) + 1 - node.level]
            base = ".".join([*(above if node.level else ()), *filter(None, [node.module])])
            found |= {base, *(f"{base}.{alias.name}" for alias in node.names)}
    return tuple(sorted(name for name in found if not _is_contract(name) and _is_module(name)))


def _is_module(name: str) -> bool:
    """Tell a module from a name in one; libraries are looked for no further than their top."""
    try:
        return _file(name) is not None
    except (ImportError, ValueError):
        return False
