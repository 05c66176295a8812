"""Runs: a configuration with all its seeds, its id and its place among the results."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_serializer

from wganbench.data import DataSet
from wganbench.errors import UserError
from wganbench.plan.configuration import Configuration
from wganbench.plan.experiment import Experiment, ScaleName, load_experiment
from wganbench.plan.grid import Expanded, Point, expand, some
from wganbench.plan.names import slug_of
from wganbench.plan.narrow import for_name, for_section
from wganbench.plugins import Strict
from wganbench.plugins.explain import meant
from wganbench.records.layout import Extractor
from wganbench.records.run import digest_of

DIGEST_LENGTH = 8
Device = Literal["cpu", "cuda"]
EXPERIMENTS = Path("experiments")


class Run(Strict):
    """The unit of work, of storage and of scheduling."""

    experiment: Annotated[str, Field(description="Name of the experiment's file.")]
    scale: Annotated[ScaleName, Field(description="The scale it was planned at.")]
    seeds: Annotated[tuple[int, ...], Field(description="One replica each.")]
    point: Annotated[Point, Field(description="The grid's point: dotted keys and values.")]
    configuration: Annotated[Configuration, Field(description="The resolved configuration.")]
    extractor: Annotated[
        Extractor,
        Field(
            description="Feature space of image fidelity: how a run is measured, not what it is."
        ),
    ] = "classifier"
    device: Annotated[
        Device,
        Field(
            description="Where it trains, and where Inception looks at its images: not what it is."
        ),
    ] = "cpu"
    tuned: Annotated[
        tuple[str, ...],
        Field(description="Of the point's keys the tuned ones: other runs have other values."),
    ] = ()
    candidate: Annotated[
        bool,
        Field(
            description="One of the runs, with the tuning seeds, among which a setting is chosen; "
            "what is compared and judged is the chosen setting's run with the other seeds."
        ),
    ] = False

    @field_serializer("configuration")
    def _as_files_write_it(self, configuration: Configuration) -> dict[str, Any]:
        return configuration.resolved()

    @cached_property
    def digest(self) -> str:
        """Hex digest of everything that decides the results: configuration and seeds."""
        return digest_of(self.configuration.identity(), self.seeds)

    @cached_property
    def name(self) -> str:
        """Readable slug and eight digits of the digest; the name of the run's folder."""
        return f"{slug_of(self.configuration, self.point)}-{self.digest[:DIGEST_LENGTH]}"

    @property
    def compared_as(self) -> Point:
        """The point without what is tuned: what all runs share of which the best is compared."""
        return {key: value for key, value in self.point.items() if key not in self.tuned}

    @property
    def compared_key(self) -> str:
        """The same as a text: equal for all runs of one configuration."""
        return repr(sorted(self.compared_as.items(), key=lambda item: item[0]))

    @property
    def id(self) -> str:
        """Experiment and name: `EXPERIMENT/NAME`."""
        return f"{self.experiment}/{self.name}"


def plan(
    scale: ScaleName, names: list[str] | None = None, folder: Path = EXPERIMENTS
) -> dict[str, list[Run]]:
    """Return each experiment's runs at this scale, in the grid's order.

    Args:
        scale: the scale; an experiment that does not define it has no runs there.
        names: experiments to plan, or all.
        folder: where the experiment files are.

    Raises:
        UserError: an experiment is unknown or its file is wrong.
    """
    experiments = load_all(names, folder)
    return {
        name: runs_of(experiment, name, scale, folder)
        for name, experiment in experiments.items()
        if scale in experiment.scales
    }


def load_all(names: list[str] | None = None, folder: Path = EXPERIMENTS) -> dict[str, Experiment]:
    """Return the experiments by name.

    Raises:
        UserError: there is none, one is unknown, or a file is wrong.
    """
    # Hidden files are editors' and file systems' own.
    paths = {path.stem: path for path in sorted(folder.glob("[!.]*.yaml"))}
    if not paths:
        raise UserError(f"{folder}/: no experiment file (*.yaml); run from the project's folder")
    for name in names or []:
        if name not in paths:
            raise UserError(f"experiment {name!r} is unknown{meant(name, paths)}")
    return {name: load_experiment(paths[name]) for name in names or paths}


def runs_of(
    experiment: Experiment, name: str, scale: ScaleName, folder: Path = EXPERIMENTS
) -> list[Run]:
    """Return an experiment's runs at a scale.

    Of a tuned configuration there is a candidate for each setting, and after it the run that is
    made if the setting is chosen.

    Raises:
        UserError: a setting is wrong, or two runs have the same id.
    """
    where = _file(name, folder)
    return list(_runs(expand(experiment, scale, where), experiment, name, scale))


def find_run(run_id: str, scale: ScaleName, folder: Path = EXPERIMENTS) -> Run:
    """Return the planned run with this id. All is planned only where its name does not lead to it.

    Raises:
        UserError: no experiment at this scale plans it.
    """
    for run in _candidates(run_id, scale, folder):
        if run.id == run_id:
            return run
    raise UserError(
        f"{run_id}: is not on the grid at scale {scale}; `wganbench plan --scale {scale}` lists it"
    )


def find_data_set(data_id: str, scale: ScaleName, folder: Path = EXPERIMENTS) -> DataSet:
    """Return the data set of this id among those of all runs.

    Raises:
        UserError: no run has it.
    """
    found: set[str] = set()
    for name, experiment in load_all(None, folder).items():
        if scale in experiment.scales:
            part = for_section(experiment, scale, "data")
            for one in some(part, scale, _file(name, folder)):
                if one.configuration.data.id == data_id:
                    return one.configuration.data
                found.add(one.configuration.data.id)
    raise UserError(f"data set {data_id!r} is in no run; there are {', '.join(sorted(found))}")


def _candidates(run_id: str, scale: ScaleName, folder: Path) -> Iterator[Run]:
    name, _, run = run_id.partition("/")
    experiment = load_all([name], folder)[name]
    if scale in experiment.scales:
        likely = for_name(experiment, scale, run[: -DIGEST_LENGTH - 1])
        yield from _runs(some(likely, scale, _file(name, folder)), experiment, name, scale)
        yield from runs_of(experiment, name, scale, folder)


def _runs(
    points: Iterable[Expanded],
    experiment: Experiment,
    name: str,
    scale: ScaleName,
) -> Iterator[Run]:
    size = experiment.scales[scale]
    for _, point, tuned, configuration in points:
        run = Run(
            experiment=name,
            scale=scale,
            seeds=tuple(size.seeds),
            point=point,
            configuration=configuration,
            tuned=tuned,
        )
        if tuned:
            first, others = size.tuning_seeds, run.seeds[len(size.tuning_seeds) :]
            yield run.model_copy(update={"seeds": first, "candidate": True})
            yield run.model_copy(update={"seeds": others})
        else:
            yield run


def _file(name: str, folder: Path) -> str:
    return str(folder / f"{name}.yaml")
