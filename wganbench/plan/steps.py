"""The table of steps: which files each makes, of what, by what code, and what its jobs take.

Rules, commands, locks, `run`, `status`, `verify` and `prune` walk this table. A new measurement is
a folder with its code and a row here. Rows name code as text, so that planning imports
none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Literal

from wganbench.records import layout

if TYPE_CHECKING:
    from pyarrow import Table

    from wganbench.plan.configuration import Configuration
    from wganbench.plan.runs import Run
    from wganbench.plugins import Strict

Scaled = Mapping[str, int]


def _at(smoke: int, laptop: int, gpu: int, paper: int) -> Scaled:
    return {"smoke": smoke, "laptop": laptop, "gpu": gpu, "paper": paper}


@dataclass(frozen=True, kw_only=True, eq=False)
class Step:
    """A row; its name is also that of its rule, command, lock and folder of logs."""

    name: str
    subject: Literal["data set", "run", "plan"]
    """What one job is about."""
    modules: tuple[str, ...]
    """Where its code begins: what these import is its code too; `PACKAGE.*` is all in a package."""
    memory: Scaled | Callable[[Configuration], int]
    """MiB of a job's first attempt, and its minutes; a retry asks for more of both."""
    minutes: Scaled
    files: tuple[str, ...] = ()
    """Names of its products, where they are the same for every job."""
    reads: Callable[[Run], Iterable[Path]] = lambda run: ()
    applies: Callable[[Run], bool] = lambda run: True
    locks_too: tuple[str, ...] = ()
    """Locks of the steps that read what this one changes."""

    @property
    def locks(self) -> tuple[str, ...]:
        """The locks that its jobs hold."""
        return self.name, *self.locks_too

    def code(self, *settings: Strict, variant: str = "") -> str:
        """Return the digest of its code on some plug-ins, and the variant where there are some."""
        from wganbench.plugins.code import code_digest

        digest = code_digest(*self.modules, plugins=settings)
        return f"{digest}-{variant}" if variant else digest

    def memory_at(self, scale: str, configurations: Iterable[Configuration] = ()) -> int:
        """Return the MiB of the largest job on these configurations."""
        memory = self.memory
        return max(map(memory, configurations)) if callable(memory) else memory[scale]


@dataclass(frozen=True, kw_only=True, eq=False)
class Measurement(Step):
    """What is measured on a trained run's files, into one table beside them.

    Its first module has `measure(run, folder)`, which writes the table into the run's folder, and
    `source(run, folder)`, the digest of what it is measured on.
    """

    subject: Literal["run"] = "run"
    about: str
    """The command's help."""
    reader: str
    """MODULE:FUNCTION, which takes a path and perhaps the digest of the run it has to be of."""
    settings: Callable[[Run], Strict] = lambda run: run.configuration.data
    """The settings whose code decides the result, besides its own."""
    variant: Callable[[Run], str] = lambda run: ""

    @property
    def file(self) -> str:
        """The table's name."""
        return f"{self.name}.parquet"

    def code_on(self, run: Run) -> str:
        """Return the digest of the code that measures a run."""
        return self.code(self.settings(run), variant=self.variant(run))

    def read(self, path: Path, run: str | None = None) -> Table:
        """Return a table, checked to be that of a run where its digest is given.

        Raises:
            UserError: the file is missing, damaged, of another schema version or of another run.
        """
        return resolve_name(self.reader)(path, run)

    def measure(self, run: Run, folder: Path) -> None:
        """Write the table of a run into its folder, alone.

        Raises:
            UserError: what it is measured on is missing or damaged, or another process is at it.
        """
        from wganbench.locks import writing

        with writing(run.id, self.locks):
            self._entry("measure")(run, folder)

    def source(self, run: Run, folder: Path) -> str:
        """Return the digest of what a run is measured on.

        Raises:
            UserError: that is missing or damaged.
        """
        return str(self._entry("source")(run, folder))

    def _entry(self, name: str) -> Any:
        return resolve_name(f"{self.modules[0]}:{name}")


def _in_run(*files: str) -> Callable[[Run], list[Path]]:
    return lambda run: [layout.RUNS / run.id / file for file in files]


def _data(run: Run) -> list[Path]:
    from wganbench.records.data import DATA

    return [DATA / f"{run.configuration.data.id}{suffix}" for suffix in (".npz", ".json")]


def _space(run: Run) -> list[Path]:
    files = layout.extractor_files(run.configuration.data, run.extractor)
    return [layout.EXTRACTORS / file for file in files]


# MiB and minutes at each scale: several times what was measured at smoke and laptop; estimates at
# gpu and paper, which have not been run. At scale paper a run's samples take up to 4 GB, which
# training, transport of laws and fidelity hold at once; three million photographs are decoded, and
# Inception makes some ten images a second on one core: 300,000 samples of a run take nine hours.
TRANSPORT = Measurement(
    name="transport",
    about="Measure the exact W1 of a trained run's samples, and its floor.",
    modules=("wganbench.transport.measure",),
    reader="wganbench.records.transport:read_transport",
    reads=lambda run: [*_data(run), *_in_run("samples.npz")(run)],
    applies=lambda run: run.configuration.data.kind != "images",
    # Exact W1 takes 41 bytes a cell, and one more matrix for transforms.
    memory=lambda configuration: 1000 + int(60 * configuration.samples**2 // 2**20),
    minutes=_at(60, 60, 60, 60),
)
FIDELITY = Measurement(
    name="fidelity",
    about="Measure how good a trained run's samples are.",
    modules=("wganbench.fidelity.measure",),
    reader="wganbench.records.fidelity:read_fidelity",
    reads=lambda run: [*_space(run), *_in_run("samples.npz")(run)],
    applies=lambda run: run.configuration.data.modes() is not None or bool(_space(run)),
    # Names the images' feature space where that is not the usual one.
    variant=lambda run: run.extractor if _space(run) and run.extractor != "classifier" else "",
    memory=_at(4000, 4000, 8000, 16000),
    minutes=_at(10, 30, 120, 900),
)
# Every row above: to name it there is enough.
MEASUREMENTS = tuple(row for row in list(vars().values()) if isinstance(row, Measurement))
DATA_SET = Step(
    name="data",
    subject="data set",
    modules=("wganbench.data.store",),
    memory=_at(1000, 1000, 1000, 1000),
    minutes=_at(10, 10, 60, 480),
)
TRAIN = Step(
    name="train",
    subject="run",
    modules=("wganbench.training.train",),
    files=layout.TRAINED,
    reads=_data,
    locks_too=tuple(step.name for step in MEASUREMENTS),
    memory=_at(1500, 2000, 8000, 16000),
    minutes=_at(10, 30, 240, 2880),
)
EXTRACTOR = Step(
    name="extractor",
    subject="data set",
    modules=("wganbench.fidelity.store",),
    reads=_data,
    applies=lambda run: bool(_space(run)),
    memory=_at(4000, 4000, 4000, 8000),
    minutes=_at(10, 10, 120, 240),
)
SUMMARY = Step(
    name="summary",
    subject="plan",
    modules=("wganbench.report.summary",),
    files=("summary.parquet", "summary.csv", "metrics.json", "plots/w1.csv", "plots/fid.csv"),
    memory=_at(2000, 2000, 2000, 4000),
    minutes=_at(30, 30, 30, 30),
)
CLAIMS = Step(
    name="claims",
    subject="plan",
    modules=(
        "wganbench.claims.judging.store",
        "wganbench.claims.*",
        "wganbench.gather.measures.*",
    ),
    files=(layout.CLAIMS,),
    memory=_at(4000, 4000, 8000, 16000),
    minutes=_at(60, 60, 60, 60),
)
REPORT = Step(
    name="report",
    subject="plan",
    modules=("wganbench.report.page", "wganbench.report.summary"),
    memory=_at(4000, 4000, 8000, 16000),
    minutes=_at(30, 30, 60, 60),
)
STEPS = (DATA_SET, TRAIN, EXTRACTOR, *MEASUREMENTS, SUMMARY, CLAIMS, REPORT)


def measurements(run: Run) -> list[Measurement]:
    """Return what is measured on a run."""
    return [step for step in MEASUREMENTS if step.applies(run)]


def commands(run: Run) -> list[str]:
    """Return the commands that make one run from nothing, in their order."""
    targets = {"data set": run.configuration.data.id, "run": run.id}
    wanted = [step for step in STEPS if step.subject in targets and step.applies(run)]
    return [f"wganbench {s.name} {targets[s.subject]} --scale {run.scale}" for s in wanted]
