"""Locks: two processes never write one run's files at the same time.

The locks live outside the results, in `scratch/locks/`: nothing there is a product. The system
releases a lock when its process ends, however it ends, so a lock is never stale.
"""

import fcntl
import os
import platform
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from math import inf
from pathlib import Path

from filelock import FileLock, Timeout

from wganbench.errors import UserError

LOCKS = Path("scratch/locks")
PATIENCE = 5.0  # seconds to wait for a process that is about to end


class BusyError(UserError):
    """Another process is at it."""


@contextmanager
def writing(
    run_id: str, steps: tuple[str, ...], folder: Path = LOCKS, patience: float | None = None
) -> Iterator[None]:
    """Hold a run's locks for these steps while the block runs.

    Args:
        run_id: the run, or another folder of the project with one thing in the making.
        steps: names of the locks.
        folder: where they are.
        patience: seconds to wait for another process; some by default, `inf` for its end.

    Raises:
        BusyError: another process holds it, and still does after these seconds.
    """
    seconds = PATIENCE if patience is None else patience
    with ExitStack() as held:
        for name in steps:
            path = _path(run_id, name, folder)
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                held.enter_context(FileLock(path, timeout=-1 if seconds == inf else seconds))
            except Timeout:
                raise BusyError(
                    f"{run_id}: {_holder(path)} is writing this run's files ({name}); wait for it "
                    "to end, or stop what a crash left behind with `wganbench recover`"
                ) from None
            with suppress(OSError):  # the lock holds on a full disk too, where it has no name
                _holder_path(path).write_text(
                    f"process {os.getpid()} on {platform.node()}", encoding="utf-8"
                )
        yield


def is_written(run_id: str, step: str, folder: Path = LOCKS) -> str:
    """Return who is at this step of a run now, or nothing; changes no file and waits for nobody."""
    path = _path(run_id, step, folder)
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return ""
    with file:
        try:
            # What filelock takes is flock's lock; a shared one is refused while it is held. We give
            # ours back at once, and a process that starts just now tries for longer than that.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _holder(path)
    return ""


def _path(run_id: str, step: str, folder: Path) -> Path:
    return folder / run_id / f"{step}.lock"


def _holder_path(lock: Path) -> Path:
    return lock.with_suffix(".holder")


def _holder(lock: Path) -> str:
    try:
        return _holder_path(lock).read_text(encoding="utf-8") or "another process"
    except OSError:
        return "another process"
