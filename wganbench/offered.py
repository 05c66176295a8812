"""Modules of plug-ins that are not the benchmark's own.

They are the files in a project's folder `plugins/`, which are the modules `plugins.NAME`, and what
installed distributions offer as entry points of the group `wganbench.plugins`. They are code that
is run: whoever plans in a folder runs the modules in its `plugins/`.
"""

import ast
import importlib
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from types import ModuleType

from wganbench.errors import UserError

PARAMS = Path("params.yaml")  # where it lies is a project's folder
FOLDER = Path("plugins")
GROUP = "wganbench.plugins"
ALGORITHMS = "wganbench.algorithms"
# What a module states that is found by its file in a package: in that package, and elsewhere.
STATED = {
    "wganbench.claims": "CLAIM",
    "wganbench.gather.measures": "MEASURE",
    "wganbench.papers": "PAPER",
}


@dataclass(frozen=True)
class Offer:
    """A module from elsewhere, not imported yet."""

    module: str
    file: Path
    version: str
    """Distribution and version; of a file in `plugins/` its SHA-256."""

    def kind(self) -> str:
        """Return the package whose kind of module it is; nothing for one of data, nets and so on.

        It is read off the file. Claims import libraries that no plan waits for, and algorithms can
        be imported only once all that their settings may name is.

        Raises:
            UserError: the file is not Python.
        """
        body = _parsed(self.file).body
        states = {
            target.id
            for node in body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        packages = [package for package, name in STATED.items() if name in states]
        imported = {n.module or "" for n in body if isinstance(n, ast.ImportFrom)}
        imported |= {a.name for n in body if isinstance(n, ast.Import) for a in n.names}
        if any(f"{name}.".startswith(f"{ALGORITHMS}.") for name in imported):
            packages.append(ALGORITHMS)
        return packages[0] if packages else ""

    def load(self) -> ModuleType:
        """Import it.

        Raises:
            UserError: it cannot be imported.
        """
        try:
            return importlib.import_module(self.module)
        except UserError:  # of another module, which this one had imported
            raise
        except (Exception, SystemExit) as error:  # whatever its code does
            raise _broken(self.file, error) from error


@cache
def offers() -> tuple[Offer, ...]:
    """Return the modules from elsewhere: the project's, then those of distributions.

    Raises:
        UserError: a distribution offers a module that is not there.
    """
    own = list(_of_folder())
    theirs = sorted(_of_distributions(), key=lambda offer: offer.module)
    return tuple({offer.module: offer for offer in (*own, *theirs)}.values())


def modules_offered(package: str) -> Iterator[ModuleType]:
    """Yield the modules that have something of a package's kind, imported.

    Raises:
        UserError: one cannot be imported.
    """
    kind = package if package in (*STATED, ALGORITHMS) else ""
    for offer in offers():
        if offer.kind() == kind:
            yield offer.load()


def shown(module: ModuleType) -> str:
    """Return where a module is: its file, as seen from here if it lies below."""
    path = Path(str(module.__file__))
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _of_folder() -> Iterator[Offer]:
    """Yield the files in the project's `plugins/`, after making modules of them."""
    if not (PARAMS.is_file() and FOLDER.is_dir()):
        return
    folder = FOLDER.absolute()
    spec = ModuleSpec(FOLDER.name, None, is_package=True)
    spec.submodule_search_locations = [str(folder)]
    sys.modules[FOLDER.name] = module_from_spec(spec)
    for file in sorted(folder.glob("[!._]*.py")):
        digest = sha256(file.read_bytes()).hexdigest()
        if not file.stem.isidentifier():
            raise UserError(f"{FOLDER / file.name}: is no name of a Python module; rename it")
        yield Offer(f"{FOLDER.name}.{file.stem}", file, f"sha256 {digest}")


def _of_distributions() -> Iterator[Offer]:
    if not _any_offered():
        return
    from importlib.metadata import entry_points

    for entry in entry_points(group=GROUP):
        version = f"{entry.dist.name} {entry.dist.version}" if entry.dist else ""
        where = f"entry point {entry.name} of {version}"
        try:
            spec = find_spec(entry.module)
        except (Exception, SystemExit) as error:  # its package is imported for that
            raise UserError(f"{where}: {type(error).__name__}: {error}") from error
        if spec is None or not spec.origin or not spec.origin.endswith(".py"):
            raise UserError(f"{where}: there is no module {entry.module}; install it again")
        yield Offer(entry.module, Path(spec.origin), version)


@cache
def _any_offered() -> bool:
    """Look for our group in the installed entry points: reading all of them takes far longer."""
    group = f"[{GROUP}]".encode()
    return any(
        group in file.read_bytes()
        for folder in dict.fromkeys(sys.path)
        for file in Path(folder).glob("*-info/entry_points.txt")
    )


@cache
def _parsed(file: Path) -> ast.Module:
    try:
        return ast.parse(file.read_bytes(), str(file))
    except (SyntaxError, ValueError) as error:
        raise _broken(file, error) from None


def _broken(file: Path, error: BaseException) -> UserError:
    """Return what is wrong with a module, and on which line of its files."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [(f.filename, f.lineno) for f in frames if Path(f.filename).parent == file.parent]
    path, line = places[-1] if places else (str(file), None)
    message = f"{type(error).__name__}: {error}"
    if isinstance(error, SyntaxError) and error.filename:
        path, line, message = error.filename, error.lineno, error.msg
    if "circular import" in message:
        message += "; import it inside the function that needs it"
    name = Path(path)
    name = FOLDER / name.name if name.parent == FOLDER.absolute() else name
    at = f", line {line}" if line else ""
    return UserError(f"{name}{at}: plug-in cannot be imported: {message}")
