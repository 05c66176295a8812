"""Digest of the code that a step runs, so that changed code makes its products stale.

Only the modules that a run names count: a new plug-in leaves every other run as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from inspect import getfile
from pathlib import Path
from typing import TYPE_CHECKING

from wganbench.plan.plugins import Plugin
from wganbench.plan.products import Extractor

if TYPE_CHECKING:  # the data's store, which planning meets on its way here, records digests too
    from wganbench.plan.configuration import Configuration

PACKAGE = Path(__file__).parents[1]
LENGTH = 16
# What transport.parquet and fidelity.parquet are measured with; the rest of the packages is not.
TRANSPORT = tuple(
    f"transport/{module}.py"
    for module in ("measure", "estimates", "exact", "one_dimensional", "pot", "samples")
)
FIDELITY = ("fidelity",)
# What an image set's feature space is made with.
EXTRACTOR = tuple(
    f"fidelity/{module}.py"
    for module in (
        "classifier",
        "extractors",
        "inception",
        "library",
        "made",
        "registered",
        "store",
    )
)
CLAIMS = (
    "claims",
    "gather",
    *(f"transport/{module}.py" for module in ("closed_forms", "exact", "pot", "potentials")),
)
REPORT = (
    "report",
    "gather",
    "transport/closed_forms.py",
    "data/pairs.py",
    "data/__init__.py",
    "data/store.py",
)


def training_code(configuration: Configuration) -> str:
    """Return the digest of the modules that train this configuration."""
    named = (
        configuration.data,
        configuration.generator,
        configuration.critic,
        configuration.objective,
        configuration.constraint,
    )
    core = [file for file in _files(PACKAGE / "training") if file.name != "progress.py"]
    layers = PACKAGE / "nets" / "layers"
    return _digest([*core, layers, *_modules(named), PACKAGE / "data" / "store.py"])


def data_code(data: Plugin) -> str:
    """Return the digest of the modules that write a data set."""
    return _digest(_law(data))


def transport_code(configuration: Configuration) -> str:
    """Return the digest of the modules that measure distances, the data's law included."""
    return _measuring(configuration, TRANSPORT)


def fidelity_code(configuration: Configuration, extractor: Extractor = "classifier") -> str:
    """Return the digest of the modules that measure fidelity, the data's law included.

    It names the images' feature space where that is not the usual one.
    """
    code = _measuring(configuration, FIDELITY)
    is_usual = configuration.data.kind != "images" or extractor == "classifier"
    return code if is_usual else f"{code}-{extractor}"


def extractor_code(data: Plugin, extractor: Extractor = "classifier") -> str:
    """Return the digest of the modules that make a data set's feature space, and its name."""
    return f"{_digest([*_law(data), *(PACKAGE / place for place in EXTRACTOR)])}-{extractor}"


def claims_code() -> str:
    """Return the digest of the modules that gather the results and judge claims by them."""
    return _digest([PACKAGE / place for place in CLAIMS])


def report_code() -> str:
    """Return the digest of the modules that gather the results and write about them."""
    return _digest([PACKAGE / place for place in REPORT])


def _measuring(configuration: Configuration, places: Iterable[str]) -> str:
    return _digest([*_law(configuration.data), *(PACKAGE / place for place in places)])


def _law(data: Plugin) -> list[Path]:
    return [*_modules([data]), PACKAGE / "data" / "store.py"]


def _modules(plugins: Iterable[Plugin]) -> list[Path]:
    """Return the files that define the plug-ins, those that they derive from and what they use."""
    plugins = list(plugins)
    used = [PACKAGE / file for plugin in plugins for file in type(plugin).uses]
    bases = {base for plugin in plugins for base in type(plugin).__mro__}
    files = {Path(getfile(base)) for base in bases if base.__module__.startswith(PACKAGE.name)}
    return [*used, *(file for file in files if file.parent != Path(__file__).parent)]


def _digest(places: Iterable[Path]) -> str:
    files = sorted({file for place in places for file in _files(place)})
    digests = "".join(f"{file.relative_to(PACKAGE).as_posix()} {_file(file)}\n" for file in files)
    return sha256(digests.encode()).hexdigest()[:LENGTH]


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return [file for file in place.rglob("*") if file.is_file() and not _is_litter(file)]


def _is_litter(file: Path) -> bool:
    """Tell compiled code and hidden files, which editors and file systems leave, from sources."""
    return any(part.startswith((".", "__pycache__")) for part in file.relative_to(PACKAGE).parts)


@cache
def _file(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
