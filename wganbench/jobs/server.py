"""The server of one Snakemake: a process with the libraries loaded, which forks one for each job.

It lives as long as that Snakemake, keeps nothing of a job, and its death ends its jobs. It declines
whatever would come out otherwise in a process of the job's own: after an edit of any module that is
loaded, in another environment, or where a library has started threads, which no fork takes along.
"""

import atexit
import contextlib
import ctypes
import errno
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import astuple
from functools import partial
from pathlib import Path
from typing import Any

from wganbench.jobs.messages import (
    LONGEST,
    OF_EACH_JOB,
    STREAMS,
    is_ours,
    name_of,
    new_socket,
)
from wganbench.jobs.usage import Usage
from wganbench.plan.steps import STEPS
from wganbench.plugins.code import read_ahead

# What the workflow's steps with many jobs begin with; a plan's few import for themselves.
LOADED = {s.name: s.modules for s in STEPS if s.subject in ("run", "data set")}
COMMAND_LINE = ("wganbench.cli", "wganbench.plan.params", "wganbench.locks")
# pyarrow's allocator would start a thread to clean up, and no thread survives a fork.
NO_THREADS = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}
REQUEST_SECONDS = 5.0  # a client sends its request at once
TASKS = Path("/proc/self/task")
PR_SET_PDEATHSIG = 1  # prctl(2)

Request = dict[str, Any]
Stamp = tuple[int, int, int]


class Job(Exception):  # noqa: N818 - no error: it takes a new process out of the server's calls
    """What a process that was just forked has to do."""

    def __init__(self, request: Request, server: int) -> None:
        super().__init__()
        self.request, self.server = request, server

    def begin(self) -> None:
        """Make this process what one of the job's own would be, and let it die with the server."""
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != self.server:  # which died before the line above
            os.kill(os.getpid(), signal.SIGKILL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.close(signal.set_wakeup_fd(-1))
        os.chdir(self.request["folder"])
        given = self.request["environment"]
        os.environ.update({name: given[name] for name in OF_EACH_JOB if name in given})
        sys.argv = self.request["argv"]
        if numpy := sys.modules.get("numpy"):
            numpy.random.seed()  # which no result depends on; random and torch see to themselves


class Server:
    """Listens until its Snakemake has ended, and then until its last job has."""

    def __init__(self, listener: socket.socket, snakemake: int) -> None:
        self.listener = listener
        self.environment = _of_all_jobs(os.environ)
        os.environ |= NO_THREADS
        self.sources = Sources()
        self.selector = selectors.DefaultSelector()
        self._when_readable(listener, self._accept)
        self._when_readable(snakemake, self._close)
        self._when_readable(_asked_to_end(), self._close)

    def serve(self) -> None:
        """Work until there is nothing left to do.

        Raises:
            Job: this process is a new one, and that is its job.
        """
        while self.selector.get_map():
            for key, _ in self.selector.select():
                # What came before it in the same batch may have done with this file.
                if key in self.selector.get_map().values():
                    key.data()

    def _when_readable(self, file: socket.socket | int, act: Callable[[], None]) -> None:
        self.selector.register(file, selectors.EVENT_READ, act)

    def _close(self) -> None:
        """Take no more jobs: Snakemake has ended, or `recover` asks for an end."""
        for key in list(self.selector.get_map().values()):
            if key.data in (self._accept, self._close):
                self.selector.unregister(key.fileobj)
        self.listener.close()

    def _accept(self) -> None:
        connection, _ = self.listener.accept()
        connection.settimeout(REQUEST_SECONDS)
        streams: Sequence[int] = ()
        try:
            if not is_ours(connection):
                raise PermissionError
            content, streams, _, _ = socket.recv_fds(connection, LONGEST, len(STREAMS))
            request = json.loads(content)
            if reason := self._why_not(request):
                connection.close()  # the client becomes the job itself
                print(f"declined {request['argv'][1:]}: {reason}", flush=True)  # noqa: T201 - its log
            else:
                self._fork(connection, request, streams)
        except (OSError, ValueError):  # a client that died, or none of ours
            connection.close()
        finally:
            for stream in streams:
                os.close(stream)

    def _why_not(self, request: Request) -> str:
        """Return why a process of the job's own has to do it, or nothing."""
        if _of_all_jobs(request["environment"]) != self.environment:
            return "another environment"
        if self.sources.have_changed():
            return "code has changed"
        try:
            self.sources.load(request["argv"][1:2])
        except Exception:  # an import may raise anything; the job's own process will show it
            traceback.print_exc()
            return "an import fails"
        return "threads" if len(list(TASKS.iterdir())) > 1 else ""

    def _fork(self, connection: socket.socket, request: Request, streams: Sequence[int]) -> None:
        server = os.getpid()
        sys.stdout.flush()
        process = os.fork()
        if not process:
            for stream, number in zip(streams, STREAMS, strict=True):
                os.dup2(stream, number)
            self._let_go()
            connection.close()
            raise Job(request, server)
        ending = os.pidfd_open(process)
        self._when_readable(ending, partial(self._ended, connection, process, ending))
        self._when_readable(connection, partial(self._deserted, connection, process))
        with contextlib.suppress(OSError):  # a client that died is noticed as others are
            connection.send(json.dumps({"process": process}).encode())

    def _let_go(self) -> None:
        """Close, in a new process, what the server listens to."""
        for key in list(self.selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
            else:
                os.close(key.fd)
        self.selector.close()

    def _deserted(self, connection: socket.socket, process: int) -> None:
        """End a job whose client is gone, at once, as if it had been killed in its place."""
        self.selector.unregister(connection)
        os.kill(process, signal.SIGKILL)

    def _ended(self, connection: socket.socket, process: int, ending: int) -> None:
        """Tell a client that its job has ended."""
        _, status, counted = os.wait4(process, 0)
        end = {"status": status, "usage": astuple(Usage.of(counted))}
        with contextlib.suppress(OSError):
            connection.send(json.dumps(end).encode())
        for file in (connection, ending):
            with contextlib.suppress(KeyError):
                self.selector.unregister(file)
        connection.close()
        os.close(ending)


class Sources:
    """The modules that are loaded, and how their files were when they were."""

    def __init__(self) -> None:
        self._stamps: dict[str, Stamp | None] = {}
        self._loaded: set[str] = set()

    def load(self, command: Sequence[str]) -> None:
        """Import what a command begins with, the first time that it is asked for."""
        wanted = {name for word in command for name in LOADED.get(word, ())}
        if new := sorted({*COMMAND_LINE, *wanted} - self._loaded):
            for name in new:
                importlib.import_module(name)
            self._loaded.update(new)
            modules = list(sys.modules.values())
            files = {str(file) for m in modules if (file := vars(m).get("__file__"))}
            self._stamps |= {file: _stamp(file) for file in files - self._stamps.keys()}
            # An edit after its stamp is seen, whatever was read.
            read_ahead([name for name in sys.modules if name.startswith("wganbench.")])
            gc.collect()
            gc.freeze()  # else the collector of each job would copy these pages

    def have_changed(self) -> bool:
        """Tell whether a loaded file is no more what it was."""
        return any(_stamp(file) != stamp for file, stamp in self._stamps.items())


def _asked_to_end() -> int:
    """Return a file that is readable once this process has got SIGTERM, which ends it no more."""
    readable, writable = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(writable)
    signal.signal(signal.SIGTERM, lambda *_: None)
    return readable


def _stamp(file: str) -> Stamp | None:
    try:
        found = Path(file).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _of_all_jobs(environment: Any) -> dict[str, str]:
    return {name: v for name, v in environment.items() if name not in OF_EACH_JOB}


def serve(token: str, snakemake: int) -> None:
    """Be the server of a Snakemake, or one of its jobs; end quietly where there is a server."""
    try:
        watched = os.pidfd_open(snakemake)
        listener = new_socket()
        listener.bind(name_of(token))
        listener.listen()
    except OSError as error:
        sys.exit(0 if error.errno == errno.EADDRINUSE else f"no server for jobs: {error}")
    Server(listener, watched).serve()


def main() -> None:
    """Serve; in the processes that it forks, do the job."""
    try:
        serve(sys.argv[1], int(sys.argv[2]))
        sys.exit(0)
    except Job as job:
        job.begin()
    _work()


def _work() -> None:
    """Run the command line and end, without taking apart what the server has loaded.

    An interpreter that ends touches, and so copies, most of the server's memory: half of a short
    job's CPU time. `multiprocessing` ends what it forks like this, too.
    """
    from wganbench.cli import main as command_line

    try:
        command_line()
    except SystemExit as end:
        if not isinstance(end.code, int | None):  # a text, to be printed
            raise
        threading._shutdown()  # type: ignore[attr-defined] # waits for threads
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code or 0)


if __name__ == "__main__":
    main()
