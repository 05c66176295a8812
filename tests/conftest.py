"""Settings shared by all tests."""

import os

# Set before torch and POT are imported: one thread each, as the project runs them.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("POT_BACKEND_DISABLE_PYTORCH", "1")
# Many tests start processes in copies of the package: these compile what they import once.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings
from smoke_project import make_smoke_project
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).parents[1]
SKIPPED: list[str] = []

# Every test but those in tests/slurm/ sees a machine without a Slurm.
WITHOUT_SLURM = f"{ROOT / 'tests/without_slurm'}{os.pathsep}"
os.environ["PATH"] = WITHOUT_SLURM + os.environ["PATH"].replace(WITHOUT_SLURM, "")

settings.register_profile("wganbench", deadline=None, derandomize=True)
# `make test-long`: pytest --hypothesis-profile=long. Tests that state a number of cases keep it.
settings.register_profile("long", deadline=None, derandomize=True, max_examples=5000)
settings.load_profile("wganbench")


# Tests that share something slow run in one process: those of one file, and these.
SHARING = {
    "tests/slurm/": "the cluster",
    "tests/browser/": "smoke",
    "tests/pipelines/test_workflow.py": "smoke",
    "tests/report/test_page.py": "smoke",
}


class Together(LoadScopeScheduling):
    """Hands out files, not single tests."""

    def _split_scope(self, nodeid: str) -> str:
        found = (shared for place, shared in SHARING.items() if nodeid.startswith(place))
        return next(found, nodeid.partition("::")[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    return Together(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let long tests begin first, so that no process is left alone with them at the end."""
    items.sort(key=lambda item: item.get_closest_marker("workflow") is None)


@pytest.fixture
def root() -> Path:
    """The project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def smoke_project(tmp_path_factory) -> Path:
    """A project in which Snakemake has made everything at scale smoke; leave it as it is."""
    return make_smoke_project(ROOT, tmp_path_factory.mktemp("a project"))


def skip_loudly(reason: str) -> NoReturn:
    """Skip, and say at the end, whatever the verbosity, what was not tested and why."""
    SKIPPED.append(reason)
    pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for reason in dict.fromkeys(SKIPPED):
        terminalreporter.write_sep("=", reason, yellow=True, bold=True)


@pytest.fixture(autouse=True, scope="session")
def _floors_are_measured_anew(tmp_path_factory) -> Iterator[None]:
    """Take over none that an earlier session left in the checkout, and leave none there."""
    from wganbench.transport import floors

    before, floors.FLOORS = floors.FLOORS, tmp_path_factory.mktemp("floors")
    yield
    floors.FLOORS = before


@pytest.fixture(autouse=True)
def _process_as_it_was() -> Iterator[None]:
    """Undo what training sets for the whole process; hypothesis needs its subnormal numbers."""
    yield
    if torch := sys.modules.get("torch"):
        torch.set_flush_denormal(False)
        torch.use_deterministic_algorithms(False)


@pytest.fixture
def wganbench(monkeypatch, capsys):
    """Run the command line in this process; return exit code, output and errors."""

    from wganbench.cli import main

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["wganbench", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        output = capsys.readouterr()
        return ended.value.code or 0, output.out, output.err

    return run
