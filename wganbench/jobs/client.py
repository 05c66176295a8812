"""A job's own process while the server's child does its work: its streams, its signals, its end."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

from wganbench.jobs.messages import LONGEST, STREAMS, is_ours, name_of, new_socket
from wganbench.jobs.usage import Usage

FORWARDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
START_SECONDS = 10.0  # that a new server may take to listen, before it imports anything
LOG = Path("scratch/server.log")


@dataclass(frozen=True)
class Ended:
    """How a job ended, as waitpid(2) has it, and what it took, this process's own part included."""

    status: int
    usage: Usage

    def follow(self) -> NoReturn:
        """End as the job did: with its exit code, or by the signal that ended it."""
        if os.WIFSIGNALED(self.status):
            number = os.WTERMSIG(self.status)
            with contextlib.suppress(OSError):  # SIGKILL has no handler
                signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        sys.exit(os.waitstatus_to_exitcode(self.status))


def run_by_server(address: str) -> Ended | None:
    """Have this command done by a Snakemake's server, which is started if there is none.

    Args:
        address: its token, a blank, and the process number of the Snakemake that it works for.

    Returns:
        How the command ended; None where the server cannot do it and this process has to.
    """
    token, _, snakemake = address.partition(" ")
    request = {"argv": sys.argv, "folder": str(Path.cwd()), "environment": dict(os.environ)}
    with contextlib.suppress(OSError), _connected(token, snakemake) as connection:
        with _Forwarding() as signals:
            if not is_ours(connection):
                return None
            socket.send_fds(connection, [json.dumps(request).encode()], STREAMS)
            answer = json.loads(connection.recv(LONGEST) or b"{}")
            if "process" not in answer:
                return None
            signals.process = answer["process"]
            end = json.loads(connection.recv(LONGEST) or b"{}")
            signals.process = 0
        if not end:
            sys.exit(f"wganbench: the job server ended, and this job with it; see {LOG}")
        own = Usage.of_this_process()
        return Ended(end["status"], Usage(*end["usage"]) + own)
    return None


def _connected(token: str, snakemake: str) -> socket.socket:
    """Return a connection to the server, which is started if there is none.

    Raises:
        OSError: there is none, and none could be started.
    """
    connection = new_socket()
    with contextlib.suppress(ConnectionRefusedError):
        connection.connect(name_of(token))
        return connection
    _start(token, snakemake)
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            connection.connect(name_of(token))
            return connection
        except ConnectionRefusedError:
            if time.monotonic() > until:
                connection.close()
                raise
            time.sleep(0.01)


def _start(token: str, snakemake: str) -> None:
    """Start a server in a session of its own: what ends this job is not to end the next."""
    LOG.parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "wganbench.jobs.server", token, snakemake]
    with LOG.open("ab") as log:
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )


class _Forwarding:
    """Passes signals on to the job while the block runs; one that comes too early, once it can.

    Where there is no job in the end, it gets them itself.
    """

    def __init__(self) -> None:
        self._process = 0
        self._early: list[int] = []

    @property
    def process(self) -> int:
        return self._process

    @process.setter
    def process(self, process: int) -> None:
        self._process = process
        while process and self._early:
            self._forward(self._early.pop(0), None)

    def __enter__(self) -> "_Forwarding":
        self._before = {n: signal.signal(n, self._forward) for n in FORWARDED}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        for early in self._early:
            os.kill(os.getpid(), early)

    def _forward(self, number: int, _: FrameType | None) -> None:
        if not self.process:
            self._early.append(number)
            return
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            os.kill(self.process, number)
