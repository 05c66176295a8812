"""`params.yaml`: what a user sets, read by Snakemake, by DVC and by the command line."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, ValidationError

from wganbench.data import DataSet
from wganbench.errors import UserError
from wganbench.offered import PARAMS
from wganbench.plan.choices import needed, undecided
from wganbench.plan.experiment import SCALES, Experiment, ScaleName
from wganbench.plan.runs import EXPERIMENTS, Device, Run, find_data_set, find_run, load_all, plan
from wganbench.plan.yaml_files import read_mapping
from wganbench.plugins import Strict
from wganbench.plugins.explain import explain, meant
from wganbench.records.choices import Choices, choices_file, read_choices
from wganbench.records.layout import Extractor

Place = Literal["cpu", "cuda", "auto"]
DEVICES, PLACES = get_args(Device), get_args(Place)
ByExperiment = dict[str, list[Run]]


class Params(Strict):
    """The user's choices; everything else stands in the experiment files."""

    scale: Annotated[ScaleName, Field(description="How large every experiment is.")]
    device: Annotated[
        Place,
        Field(
            description="Where training runs, and Inception. auto: images on a GPU, laws and pairs "
            "on a CPU. No part of a run's id: results agree in law only."
        ),
    ] = "cpu"
    extractor: Annotated[
        Extractor,
        Field(
            description="Feature space of image fidelity. classifier: one trained on the data set "
            "itself, where it has labels; images without have no fidelity. inception: Inception "
            "v3 for all images, with weights that you provide. No part of a run's id."
        ),
    ] = "classifier"

    def possible_runs(self, names: list[str] | None = None) -> ByExperiment:
        """Return the runs of each experiment, or of those that are named, whatever is chosen.

        Raises:
            UserError: an experiment is unknown or its file is wrong.
        """
        planned = plan(self.scale, names, EXPERIMENTS)
        return {name: [self.placed(run) for run in runs] for name, runs in planned.items()}

    def runs(self, names: list[str] | None = None) -> ByExperiment:
        """Return those of them that are needed: of a tuned configuration's settings the chosen one.

        Raises:
            UserError: an experiment is unknown, its file is wrong, or that of its choices is.
        """
        return self.by_choice(self.possible_runs(names))[0]

    def by_choice(self, possible: Mapping[str, list[Run]]) -> tuple[ByExperiment, ByExperiment]:
        """Return the needed ones of these runs, and a run where no setting is chosen yet.

        Raises:
            UserError: the file of an experiment's choices is wrong.
        """
        choices = {name: self.choices(name) for name in possible}
        runs = {name: needed(of, choices[name]) for name, of in possible.items()}
        waiting = {name: undecided(of, choices[name]) for name, of in possible.items()}
        return runs, {name: of for name, of in waiting.items() if of}

    def choices(self, name: str) -> Choices:
        """Return what is chosen in an experiment so far."""
        return read_choices(choices_file(name, self.scale))

    def all_runs(self) -> list[Run]:
        return [run for runs in self.runs().values() for run in runs]

    def experiments(self) -> dict[str, Experiment]:
        loaded = load_all(None, EXPERIMENTS)
        return {name: e for name, e in loaded.items() if self.scale in e.scales}

    def data_set(self, name: str) -> DataSet:
        """Return the data set of this id among those of all runs.

        Raises:
            UserError: no run has it.
        """
        return find_data_set(name, self.scale, EXPERIMENTS)

    def find(self, run_id: str) -> Run:
        """Return the run with this id.

        Raises:
            UserError: it is not planned at this scale.
        """
        return self.placed(find_run(run_id, self.scale, EXPERIMENTS))

    def device_for(self, data: DataSet) -> Device:
        """Return where what learns a data set is trained."""
        if self.device == "auto":
            return "cuda" if data.kind == "images" else "cpu"
        return self.device

    def placed(self, run: Run) -> Run:
        """Return a run that is trained where and measured in the space asked for."""
        device = self.device_for(run.configuration.data)
        if (device, self.extractor) == (run.device, run.extractor):
            return run
        return run.model_copy(update={"device": device, "extractor": self.extractor})


def load_params(scale: str | None = None, path: Path = PARAMS, device: str | None = None) -> Params:
    """Return the file's choices, with another scale or device if one is given.

    Raises:
        UserError: the file is missing or wrong, or the scale or device is unknown.
    """
    _check_place(path)
    if device is not None and device not in PLACES:
        raise UserError(f"--device: {device!r} is unknown{meant(device, PLACES)}")
    if scale is not None:
        _check_scale(scale, "--scale")
    given = {"scale": scale, "device": device}
    chosen = {name: value for name, value in given.items() if value is not None}
    return validated(read_mapping(path) | chosen, str(path))


def _check_place(path: Path) -> None:
    """Refuse a folder that is not the project's, and name the one above that is."""
    if path.exists():
        return
    above = next((p for p in path.absolute().parents[1:] if (p / PARAMS).is_file()), None)
    hint = f"run from {above}, the project's folder" if above else "run from a project's folder"
    raise UserError(f"{path}: is missing; {hint}")


def validated(content: Mapping[str, Any], where: str) -> Params:
    """Return the choices.

    Raises:
        UserError: a key is unknown or a value out of range.
    """
    try:
        params = Params.model_validate(dict(content), strict=True)
    except ValidationError as error:
        raise UserError(f"{where}: {explain(error)}") from None
    _check_scale(params.scale, f"{where}: scale")
    return params


def _check_scale(scale: str, where: str) -> None:
    """Refuse a scale that is none of the usual and in no experiment file."""
    if scale in SCALES:
        return
    own = {name for e in load_all(None, EXPERIMENTS).values() for name in e.scales} - {*SCALES}
    known = (*SCALES, *sorted(own))
    if scale not in known:
        raise UserError(f"{where}: {scale!r} is unknown{meant(scale, known)}")
