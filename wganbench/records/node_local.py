"""Copies of large data files on a node's own disk, where the project lies on a network's."""

import os
import shutil
from pathlib import Path
from tempfile import gettempdir

from filelock import FileLock
from typer import echo

from wganbench.errors import UserError
from wganbench.files import sha256_of, written_atomically

LARGE = 10**9  # bytes: smaller files stay in the page cache of whoever reads them
# As the kernel names file systems that other machines serve; those of FUSE have a name of their own
# after a dot, and may be anything.
NETWORKED = {
    "9p", "afs", "beegfs", "ceph", "cifs", "gfs2", "glusterfs", "gpfs", "lustre", "nfs", "nfs4",
    "orangefs", "panfs", "smb3", "weka", "wekafs",
}  # fmt: skip


def nearest_copy(path: Path, sha256: str) -> Path:
    """Return where to read a data file: a copy in $TMPDIR if it is large and on a network's disk.

    The first process on a node to ask makes the copy, and others wait for it; it is checked by its
    digest every time. Where there is no room for it, or the file is not the one whose digest is
    given, the file itself is what to read, and to check.

    Raises:
        UserError: the copy cannot be written.
    """
    size = path.stat().st_size
    if size < LARGE or not is_networked(path) or is_networked(Path(gettempdir())):
        return path
    folder = _own_folder()
    copy = folder / f"{sha256}{path.suffix}"
    with FileLock(folder / f"{sha256}.lock"):
        if copy.exists() and sha256_of(copy) == sha256:
            return copy
        copy.unlink(missing_ok=True)
        if shutil.disk_usage(folder).free < size:
            echo(f"{path}: is read over the network, there is no room in {folder}", err=True)
            return path
        with written_atomically(copy) as temporary:
            shutil.copyfile(path, temporary)
        if sha256_of(copy) != sha256:
            copy.unlink()
            return path
        echo(f"{path}: copied to {copy}", err=True)
    return copy


def is_networked(path: Path) -> bool:
    """Return whether another machine serves the file system that a path lies on."""
    import psutil

    place = path.resolve()
    mounts = [m for m in psutil.disk_partitions(all=True) if place.is_relative_to(m.mountpoint)]
    if not mounts:  # within a chroot that does not show its own
        return False
    # Of two at one place the later one hides the other.
    kind = max(enumerate(mounts), key=lambda m: (len(Path(m[1].mountpoint).parts), m[0]))[1].fstype
    return kind.removeprefix("fuse.") in NETWORKED


def _own_folder() -> Path:
    """Return this user's folder in $TMPDIR, which nobody else can write to.

    Raises:
        UserError: somebody else made it.
    """
    folder = Path(gettempdir()) / f"wganbench-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise UserError(f"{folder}: is not yours; set TMPDIR to a folder that is")
    return folder
