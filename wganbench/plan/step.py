"""What a step of the workflow is: a row of the table in `steps`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import prod
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, Literal

from wganbench.evaluation_points import evaluation_points
from wganbench.records import layout

if TYPE_CHECKING:
    from pyarrow import Schema, Table

    from wganbench.plan.runs import Run
    from wganbench.plugins import Strict


class Scaled(dict[str, int]):
    """A number for each scale; one of the user's own gets a GPU's."""

    def __missing__(self, scale: str) -> int:
        return self["gpu"]


# Several times what was measured at smoke and laptop; guesses at gpu and paper, which have not been
# run. What depends on a run's own settings more than on its scale is a function of the run.
def at_scales(smoke: int, laptop: int, gpu: int, paper: int, desk: int | None = None) -> Scaled:
    """Return a number for each scale; a desk's is a laptop's where none is given."""
    at_desk = laptop if desk is None else desk
    return Scaled(smoke=smoke, laptop=laptop, desk=at_desk, gpu=gpu, paper=paper)


@dataclass(frozen=True, kw_only=True, eq=False)
class Step:
    """A row; its name is also that of its rule, command, lock and folder of logs."""

    name: str
    subject: Literal["data set", "run", "experiment", "plan"]
    """What one job is about."""
    modules: tuple[str, ...]
    """Where its code begins: what these import is its code too; `PACKAGE.*` is all in a package."""
    memory: Scaled | Callable[[Run], float]
    """MiB that a job may take, by scale or by its run."""
    minutes: Scaled | Callable[[Run], float]
    """Minutes that it may take, by scale; or that its run takes about, of which a job asks for
    several times as many: see `operations.asks`, and for another attempt's `operations.retries`."""
    files: tuple[str, ...] = ()
    """Names of its products, where they are the same for every job."""
    reads: Callable[[Run], Iterable[Path]] = lambda run: ()
    applies: Callable[[Run], bool] = lambda run: True
    on_gpu: Callable[[Run], bool] = lambda run: False
    """Whether its jobs have a GPU."""
    resumes: bool = False
    """Whether another attempt goes on where the last one ended, and so needs no more minutes."""
    locks_too: tuple[str, ...] = ()
    """Locks of the steps that read what this one changes."""

    @property
    def locks(self) -> tuple[str, ...]:
        return self.name, *self.locks_too

    def code(self, *settings: Strict, variant: str = "") -> str:
        """Return the digest of its code on some plug-ins, and the variant where there are some."""
        from wganbench.plugins.code import code_digest

        digest = code_digest(*self.modules, plugins=settings)
        return f"{digest}-{variant}" if variant else digest


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

    @property
    def schema(self) -> Schema:
        """The table's columns: SCHEMA in its reader's module."""
        found: Schema = resolve_name(f"{self.reader.partition(':')[0]}:SCHEMA")
        return found

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


def saved_samples(run: Run) -> int:
    """Return how many samples a run saves, of all seeds and evaluations."""
    c = run.configuration
    return len(run.seeds) * len(evaluation_points(c)) * c.samples


def sample_bytes(run: Run) -> int:
    """Return the bytes of a sample as it is saved: an image's grey levels, or float32."""
    data = run.configuration.data
    return prod(data.shape) * (1 if data.kind == "images" else 4)


def saved_mebibytes(run: Run) -> float:
    """Return the MiB of all samples that a run saves."""
    return saved_samples(run) * sample_bytes(run) / 2**20


def inception_on_gpu(run: Run) -> bool:
    """Return whether a GPU's Inception looks at a run's images."""
    return run.device == "cuda" and run.extractor == "inception" and bool(space_files(run))


def in_run(*files: str) -> Callable[[Run], list[Path]]:
    """Return what gives files in a run's folder."""
    return lambda run: [layout.RUNS / run.id / file for file in files]


def data_files(run: Run) -> list[Path]:
    """Return the file of a run's data set, and its manifest."""
    from wganbench.records.data import DATA

    return [DATA / f"{run.configuration.data.id}{suffix}" for suffix in (".npz", ".json")]


def has_classifier(run: Run) -> bool:
    """Return whether a run's images are looked at by a classifier of their own set."""
    return run.extractor == "classifier" and bool(space_files(run))


def space_files(run: Run) -> list[Path]:
    """Return the files of the feature space that a run's images are measured in, if any."""
    files = layout.extractor_files(run.configuration.data, run.extractor)
    return [layout.EXTRACTORS / file for file in files]
