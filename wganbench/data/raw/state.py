"""Whether the user's files are those that a data set was made from, without reading them."""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

LENGTH = 16  # hex digits


def state_of(paths: Iterable[Path]) -> str:
    """Return a digest of names, sizes and times of files, and of those in folders.

    A folder's own time tells that a file came or went, but not that one was written over in place.
    """
    digest = sha256()
    for path in paths:
        for line in _lines(path):
            digest.update(f"{line}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:LENGTH]


def _lines(path: Path) -> Iterator[str]:
    if not path.is_dir():
        yield _line(str(path), path.stat())
        return
    with os.scandir(path) as entries:
        found = sorted((e.name, _facts(e)) for e in entries if not e.name.startswith("."))
    for name, facts in found:
        yield _line(f"{path}/{name}", facts)


def _facts(entry: os.DirEntry[str]) -> os.stat_result:
    """Return those of what a link leads to, or of the link where it leads nowhere."""
    try:
        return entry.stat()
    except OSError:
        return entry.stat(follow_symlinks=False)


def _line(name: str, facts: os.stat_result) -> str:
    return f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}"
