"""Waiting for what other processes do."""

import time
from collections.abc import Callable


def until(happens: Callable[[], object], seconds: float = 60) -> None:
    """Return when something has happened; fail when it has not in so many seconds."""
    for _ in range(int(seconds * 20)):
        if happens():
            return
        time.sleep(0.05)
    raise AssertionError(f"did not happen within {seconds:g} s")
