"""What `wganbench slurm check` says about one thing that it looked at."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: Literal["ok", "missing", "unknown"]
    note: str  # what was found, or what to do


def judged(name: str, problem: str, note: str = "") -> Finding:
    """Return what is missing if there is a problem, else that all is well."""
    return Finding(name, "missing" if problem else "ok", problem or note)
