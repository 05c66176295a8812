"""What a job that is tried again asks for, by how its last attempt ended."""

from pathlib import Path

MOST = 3  # times what the first attempt asks for
_OURS = b"wganbench: "  # begins the last line of a command that ended by itself or heard a signal
_END = 4096  # bytes of a log that hold its last line


def times_memory(attempt: int, log: Path | None = None) -> int:
    """Return how many times its memory an attempt asks for.

    With the log of a step that resumes, more only after a sudden end: what ran out of time, was
    preempted or failed of itself says so in its last line, and one that the system killed for its
    memory says nothing.
    """
    if attempt > 1 and log is not None and _ended_by_itself(log):
        return 1
    return min(attempt, MOST)


def times_minutes(attempt: int, *, resumes: bool) -> int:
    """Return how many times its minutes an attempt asks for: no more where it goes on."""
    return 1 if resumes else min(attempt, MOST)


def _ended_by_itself(log: Path) -> bool:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - _END))
            lines = file.read().splitlines()
    except OSError:
        return False
    return bool(lines) and lines[-1].startswith(_OURS)
