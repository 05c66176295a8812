"""A small project whose every file is there, and the command line run on it."""

import io
import stat
import sys
import time
import warnings
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digits_space import write_digits
from experiment_files import example, write

from wganbench.cli import main
from wganbench.plan.params import load_params
from wganbench.plan.runs import Run

SMALL = {
    "generator.width": 8,
    "critic.width": 8,
    "iterations": 4,
    "evaluations": 2,
    "samples": 20,
    "batch_size": 8,
}
LAWS = example(base=SMALL, grid=[{"method": ["gan", "wgan"]}])
IMAGES = example(
    base=SMALL
    | {
        "data.name": "digits",
        "generator.name": "dcgan",
        "critic.name": "dcgan",
        "generator.width": 4,
        "critic.width": 4,
    },
    grid=[{"method": "wgan"}],
    scales={"smoke": {"seeds": [2, 3]}},
)


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    code: int
    out: str
    err: str
    seconds: float


def command(*arguments: str) -> Outcome:
    """Run a command in this process, in the working folder."""
    out, err = io.StringIO(), io.StringIO()
    before, sys.argv = sys.argv, ["wganbench", *arguments]
    started = time.process_time()
    code: Any = 0
    try:
        with redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings():
            main()
    except SystemExit as ended:
        code = ended.code or 0
    finally:
        sys.argv = before
    return Outcome(code, out.getvalue(), err.getvalue(), time.process_time() - started)


def tree(folder: Path) -> dict[str, tuple[int, int]]:
    """Return what lies in a folder, with kinds and times; links are not followed."""
    found = {}
    for path in folder.rglob("*"):
        status = path.lstat()
        time_of_file = 0 if stat.S_ISDIR(status.st_mode) else status.st_mtime_ns
        found[str(path.relative_to(folder))] = (status.st_mode, time_of_file)
    return found


class Project:
    """A folder with an experiment on a law and one on images."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self) -> "Project":
        """Do all the work; the working folder must be the project's."""
        (self.folder / "experiments").mkdir()
        write(self.folder / "experiments", LAWS, "laws")
        write(self.folder / "experiments", IMAGES, "images")
        (self.folder / "params.yaml").write_text("scale: smoke\n")
        write_digits(self.folder / "data", self.folder / "results/extractors")
        steps = [("data", "8gaussians")]
        for run in self.runs():
            steps += [("train", run.id), ("fidelity", run.id)]
            steps += [("transport" if run.experiment == "laws" else "nets", run.id)]
        for step in [*steps, ("summary",), ("claims",)]:
            done = command(*step)
            assert done.code == 0, (step, done)
        return self

    def runs(self) -> list[Run]:
        """Return the planned runs."""
        return load_params().all_runs()

    def law(self, place: int = 0) -> Run:
        """Return a run on the law."""
        return [run for run in self.runs() if run.experiment == "laws"][place]

    def images(self) -> Run:
        """Return the run on images."""
        return next(run for run in self.runs() if run.experiment == "images")
