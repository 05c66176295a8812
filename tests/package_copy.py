"""A copy of the package with the project's experiments, to be edited and asked for its digests."""

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

from conftest import ROOT

import wganbench
from wganbench.plan.params import load_params
from wganbench.plan.runs import Run
from wganbench.plan.steps import DATA_SET, MEASUREMENTS, STEPS, TRAIN
from wganbench.plugins import code

Digests = dict[str, dict[str, str]]
"""Of each run: by what is made of it."""


@cache
def laptop() -> tuple[Run, ...]:
    """Return the project's runs at scale laptop."""
    return tuple(load_params("laptop", ROOT / "params.yaml").all_runs())


class Copy:
    """A copy of the package."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.package = folder, folder / "wganbench"
        litter = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "wganbench", self.package, ignore=litter)
        shutil.copytree(ROOT / "experiments", folder / "experiments")
        shutil.copy(ROOT / "params.yaml", folder)

    def modules(self) -> list[Path]:
        """Return the files of all modules, in the order of their names."""
        return sorted(self.package.rglob("*.py"))

    def append(self, module: str, text: str = "\nCHANGED = True\n") -> None:
        """Append code to a module that is there."""
        assert (self.package / module).exists(), module
        with (self.package / module).open("a") as file:
            file.write(text)

    def run(self, script: str, *more: Path) -> Any:
        """Run a script on the copy, more folders on the path, and return the JSON it prints."""
        path = os.pathsep.join(map(str, (self.folder, *more)))
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def digests(self, runs: tuple[Run, ...] = ()) -> Digests:
        """Return the digests of the code behind runs, laptop's if none are given."""
        return self._asked(
            lambda: {
                run.id: {
                    "train": TRAIN.code(run.configuration),
                    "data": DATA_SET.code(run.configuration.data),
                    **{step.name: step.code_on(run) for step in MEASUREMENTS},
                }
                for run in runs or laptop()
            }
        )

    def of_all(self) -> dict[str, str]:
        """Return the digests of the code that looks at all runs."""
        return self._asked(lambda: {s.name: s.code() for s in STEPS if s.subject == "plan"})

    def _asked(self, question: Any) -> Any:
        """Ask while `wganbench` is the copy: digests read source files and import nothing."""
        theirs = wganbench.__spec__
        spec = ModuleSpec("wganbench", None, origin=str(self.package / "__init__.py"))
        spec.submodule_search_locations = [str(self.package)]
        wganbench.__spec__ = spec
        forget()
        try:
            return question()
        finally:
            wganbench.__spec__ = theirs
            forget()


def forget() -> None:
    """Let digests be made anew: they are kept, as code does not change under a process."""
    for function in vars(code).values():
        if hasattr(function, "cache_clear"):
            function.cache_clear()


def changed(before: Digests, after: Digests, product: str) -> set[str]:
    """Return the runs whose product is another code's."""
    assert after.keys() == before.keys()
    return {run for run in before if before[run][product] != after[run][product]}
