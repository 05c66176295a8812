"""Files that appear by rename: complete or not at all; and what is not a file to read."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from safetensors import SafetensorError

from wganbench.errors import UserError

BLOCK = 1 << 20
# What a write to a file that could be opened fails with; Python does not name the file.
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}


@contextmanager
def written_atomically(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`, which takes its place when the block succeeds.

    Then it is on the disk under its name: a crash of the machine does not take it back.

    Raises:
        UserError: there is no room or no permission to write it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        yield temporary
        # To the disk first: after a power cut the name must not stand for nothing.
        _flush(temporary)
        temporary.replace(path)
        with suppress(OSError):  # not every network's disk knows this of folders
            _flush(path.parent)
    except OSError as error:
        of_another_file = error.filename not in (None, str(temporary), temporary)
        if of_another_file or (error.filename is None and error.errno not in _NO_ROOM):
            raise
        raise _unwritten(path, os.strerror(error.errno or errno.EIO)) from None
    except SafetensorError as error:
        raise _unwritten(path, str(error)) from None
    finally:
        with suppress(OSError):  # a read-only disk has raised already
            temporary.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unwritten(path: Path, reason: str) -> UserError:
    return UserError(f"{path}: cannot be written ({reason}); make room or give the permission")


def check_readable(path: Path, remedy: str, *, ours: bool = True) -> None:
    """Check that a path is a file: opening a pipe would wait for a writer that never comes.

    Nobody is told to remove what is not `ours`.

    Raises:
        UserError: it is missing or anything else.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise UserError(f"{path}: is missing; {remedy}") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); {remedy}") from None
    if not stat.S_ISREG(mode):
        removed = "remove it and " if ours else ""
        raise UserError(f"{path}: is not a file but a {_kind(mode)}; {removed}{remedy}")


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "folder"
    return "pipe" if stat.S_ISFIFO(mode) else "device or socket"


def sha256_of(path: Path) -> str:
    """Return the hex digest of a file's bytes."""
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
