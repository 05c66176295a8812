"""Runs: a configuration with all its seeds, its id and its place among the results."""

import re
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, field_serializer

from wganbench.errors import UserError
from wganbench.plan.configuration import Configuration
from wganbench.plan.experiment import Experiment, ScaleName, load_experiment
from wganbench.plan.grid import Point, expand
from wganbench.plan.settings import layer
from wganbench.plugins import Plugin, Strict
from wganbench.plugins.explain import meant
from wganbench.records.layout import Extractor
from wganbench.records.run import digest_of

DIGEST_LENGTH = 8
MAX_SLUG = 120  # characters: a folder's name has at most 255 bytes, and a wide grid a long slug
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
        slug = "-".join([self.configuration.method, *self._parts()])
        return f"{slug[:MAX_SLUG]}-{self.digest[:DIGEST_LENGTH]}"

    @property
    def id(self) -> str:
        """Experiment and name: `EXPERIMENT/NAME`."""
        return f"{self.experiment}/{self.name}"

    def _parts(self) -> list[str]:
        keys = [key for key in self.point if key != "method"]
        return [part for key in keys if (part := _slug(self.configuration, key))]


def _slug(configuration: Configuration, key: str) -> str:
    """Return the part of a run's name for the value of one setting."""
    taken = [name for name in layer({key: None}, "") if configuration.get(name) is not None]
    holder, field = configuration.holder(taken[-1])  # of both optimisers, the critic's
    value = getattr(holder, field)
    if isinstance(value, Plugin):  # the algorithm, which is chosen by its name alone
        value = value.name
    extra = type(holder).model_fields[field].json_schema_extra
    tag = extra.get("slug", "") if isinstance(extra, dict) else ""
    if isinstance(tag, dict):
        return str(tag.get(str(value), value))
    if isinstance(value, bool):
        return str(tag or field.replace("_", "")) if value else ""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return re.sub(r"[^a-zA-Z0-9.-]+", "-", f"{tag}{text}".replace("+", ""))


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

    Raises:
        UserError: a setting is wrong, or two runs have the same id.
    """
    seeds = tuple(experiment.scales[scale].seeds)
    where = str(folder / f"{name}.yaml")
    return [
        Run(experiment=name, scale=scale, seeds=seeds, point=point, configuration=configuration)
        for point, configuration in expand(experiment, scale, where)
    ]


def find_run(run_id: str, scale: ScaleName, folder: Path = EXPERIMENTS) -> Run:
    """Return the planned run with this id.

    Raises:
        UserError: no experiment at this scale plans it.
    """
    experiment = run_id.partition("/")[0]
    for run in plan(scale, [experiment], folder).get(experiment, []):
        if run.id == run_id:
            return run
    raise UserError(
        f"{run_id}: is not on the grid at scale {scale}; `wganbench plan --scale {scale}` lists it"
    )
