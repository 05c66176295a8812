"""Signals that ask a training to stop: Slurm sends SIGTERM before a time limit, a user SIGINT."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

ASKING = (signal.SIGTERM, signal.SIGINT)


class StopRequest:
    """Whether a signal has asked to stop, and which."""

    signal: int | None = None

    def receive(self, number: int, frame: FrameType | None) -> None:
        """Note the signal. Whoever types Ctrl-C again does not want to wait."""
        if self.signal == number == signal.SIGINT:
            raise KeyboardInterrupt
        self.signal = number


@contextmanager
def stop_requests() -> Iterator[StopRequest]:
    """Catch the signals while the block runs: it is asked to stop, instead of being stopped."""
    request = StopRequest()
    if threading.current_thread() is not threading.main_thread():
        yield request  # only the main thread may catch signals
        return
    before = {number: signal.signal(number, request.receive) for number in ASKING}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
