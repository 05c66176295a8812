"""Slurm's own commands, typed: which jobs of this folder there are, and an end to them."""

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from wganbench.errors import UserError

# slurm/config.yaml's slurm-jobname-prefix; the plugin names jobs PREFIX_UUID.
PREFIX = "wganbench"
POLL_SECONDS = 0.5
ANSWER_SECONDS = 60  # a busy controller's own time limit is 10 s by default, and squeue retries
NO_SITE = "Could not establish a configuration source"
# In a job's comment the slash of a run's id is an underscore, which no run's id contains.
RUN = re.compile(r"_wildcards_([a-z0-9-]+)_([A-Za-z0-9.-]+-[0-9a-f]{8})$")
SEPARATOR = "\x1f"  # in no job's name, comment or folder


@dataclass(frozen=True)
class Job:
    """A job that Slurm has not yet done with."""

    id: str
    state: str
    comment: str  # the plugin's: names the rule and the wildcards

    @property
    def run(self) -> str:
        """Return the run that it works on, EXPERIMENT/NAME, or nothing."""
        found = RUN.search(self.comment)
        return f"{found[1]}/{found[2]}" if found else ""


def _is_installed() -> bool:
    """Return whether this machine belongs to a Slurm, working or not."""
    if not shutil.which("squeue"):
        return False
    # The programs alone, with no site behind them, are no Slurm that a job could be left in.
    return NO_SITE not in _run("squeue", "-h", "-o", "%i", "-j", "0").stderr


def jobs_of(folder: Path) -> list[Job]:
    """Return the user's jobs that a Snakemake in this folder submitted and that have not ended."""
    if not _is_installed():
        return []
    layout = SEPARATOR.join(("%i", "%T", "%k", "%j", "%Z"))
    fields = [line.split(SEPARATOR, 4) for line in answer_of("squeue", "--me", "-h", "-o", layout)]
    here = folder.resolve()
    return [
        Job(number, state, comment)
        for number, state, comment, name, where in fields
        if name.startswith(f"{PREFIX}_") and Path(where).resolve() == here
    ]


def cancel(jobs: Iterable[Job], seconds: float = 120) -> None:
    """Cancel jobs and return when Slurm has ended the last of them, or refuse to go on."""
    waiting = {job.id for job in jobs}
    # A job that has ended by itself makes scancel fail; what counts is what remains.
    problem = _run("scancel", *sorted(waiting)).stderr.strip()

    def left() -> list[str]:
        return sorted(waiting & set(answer_of("squeue", "--me", "-h", "-o", "%i")))

    if not comes_true(lambda: not left(), seconds) and (remaining := left()):
        raise UserError(
            f"Slurm jobs {', '.join(remaining)} still run {seconds:g} s after scancel"
            f"{f' ({problem})' if problem else ''}: end them before going on"
        )


def comes_true(condition: Callable[[], bool], seconds: float) -> bool:
    """Return whether a condition comes true within so many seconds; it is asked at least once."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(POLL_SECONDS)
    return True


def answer_of(*command: str) -> list[str]:
    """Return the lines that a Slurm command prints; a UserError where it does not answer."""
    done = _run(*command)
    if done.returncode:
        raise UserError(f"{command[0]} failed: {done.stderr.strip() or f'exit {done.returncode}'}")
    return done.stdout.splitlines()


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=ANSWER_SECONDS,
        )
    except FileNotFoundError:
        raise UserError(f"{command[0]} is not on PATH: are you on a login node?") from None
    except subprocess.TimeoutExpired:
        raise UserError(f"{command[0]} did not answer within {ANSWER_SECONDS} s") from None
