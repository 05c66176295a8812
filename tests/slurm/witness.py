"""Who trained what, when and where, by a witness that knows nothing of locks."""

import json
import os
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from pathlib import Path

ON_START = Path(__file__).parent / "on_start"
FILE = "witness"


@dataclass
class Attempt:
    """One process that trained a run."""

    node: str
    begin: float  # seconds since 1970, as are the others
    end: float  # without a word: when it was surely dead


def witnessed(folder: Path) -> dict[str, str]:
    """Return the environment in which every training of a folder has a witness."""
    path = os.pathsep.join(filter(None, (str(ON_START), os.environ.get("PYTHONPATH"))))
    return {"PYTHONPATH": path, "WGANBENCH_TEST_WITNESS": str(folder / FILE)}


def attempts(folder: Path, died: float = inf) -> dict[str, list[Attempt]]:
    """Return the attempts at every run in their order; one that noted no end had it at `died`."""
    found: dict[str, dict[tuple[str, int], Attempt]] = defaultdict(dict)
    file = folder / FILE
    for line in file.read_text().splitlines() if file.exists() else ():
        seen = json.loads(line)
        of_run, who = found[seen["run"]], (seen["node"], seen["process"])
        if seen["what"] == "begin":
            assert who not in of_run
            of_run[who] = Attempt(seen["node"], seen["at"], died)
        else:
            of_run[who].end = seen["at"]
    return {run: sorted(of_run.values(), key=_begin) for run, of_run in found.items()}


def tries(folder: Path, died: float = inf) -> list[int]:
    """Return how often each run was begun, fewest first, having seen it never twice at once."""
    found = attempts(folder, died)
    for run, of_run in found.items():
        for one, next_one in pairwise(of_run):
            assert one.end <= next_one.begin, f"{run} was trained twice at once: {of_run}"
    return sorted(map(len, found.values()))


def _begin(attempt: Attempt) -> float:
    return attempt.begin
