"""Expansion of an experiment's grid into configurations."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from wganbench.errors import UserError
from wganbench.plan.configuration import Configuration
from wganbench.plan.experiment import Axis, Experiment, Scale, ScaleName, Values
from wganbench.plan.plugins import Plugin
from wganbench.plan.presets import PRESETS
from wganbench.plan.settings import Settings, layer, matches, nest, overlay

MAX_POINTS = 100_000


def expand(experiment: Experiment, scale: ScaleName, where: str) -> list[tuple[Values, Configuration]]:  # fmt: skip # noqa: E501
    """Return the grid's points (dotted keys and values) with their configurations.

    Raises:
        UserError: a setting is unknown or out of range, the grid is empty, or two points are the
            same configuration. `where`, the file's name, begins the message.
    """
    size = experiment.scales[scale]
    found: dict[str, tuple[Values, Configuration]] = {}
    for block, axes in enumerate(experiment.grid):
        for point in _points(experiment, scale, axes, f"grid.{block}"):
            settings = _resolve(experiment, scale, point, f"grid.{block}")
            if not _kept(size, settings):
                continue
            configuration = _configuration(settings, where)
            key = configuration.model_dump_json()
            if key in found:
                raise UserError(
                    f"{where}: grid.{block}: {point} and {found[key][0]} are the same configuration"
                )
            found[key] = (point, configuration)
            if len(found) > MAX_POINTS:
                raise UserError(f"{where}: grid: more than {MAX_POINTS:,} configurations")
    if not found:
        raise UserError(f"{where}: scales.{scale}.only: keeps no configuration, the grid is empty")
    return list(found.values())


def _points(
    experiment: Experiment, scale: ScaleName, axes: dict[str, Any], where: str
) -> Iterator[Values]:
    points: list[Values] = [{}]
    for key, axis in axes.items():
        points = [
            extended
            for point in points
            for extended in _extend(experiment, scale, point, key, axis, where)
        ]
        if len(points) > MAX_POINTS:
            raise UserError(f"{where}.{key}: more than {MAX_POINTS:,} configurations")
    yield from points


def _extend(  # noqa: PLR0913
    experiment: Experiment, scale: ScaleName, point: Values, key: str, axis: Any, where: str
) -> Iterator[Values]:
    if isinstance(axis, dict):
        conditional = Axis.model_validate(axis)
        if not matches(conditional.when, _known(experiment, scale, point, where)):
            yield point
            return
        axis = conditional.values
    for value in axis if isinstance(axis, list) else [axis]:
        yield {**point, key: value}


def _known(experiment: Experiment, scale: ScaleName, point: Values, where: str) -> Settings:
    """Return what is settled before any override: preset, base, scale, grid point."""
    chosen = layer(point, where)
    base = layer(experiment.base, "base")
    sized = layer(experiment.scales[scale].set, f"scales.{scale}.set")
    method = overlay([base, sized, chosen]).get("method")
    preset = PRESETS.get(method.value, {}) if method and isinstance(method.value, str) else {}
    return overlay([layer(preset, "preset"), base, sized, chosen])


def _resolve(experiment: Experiment, scale: ScaleName, point: Values, where: str) -> Settings:
    known = _known(experiment, scale, point, where)
    overrides = [
        layer(override.set, f"{place}.{number}.set")
        for place, listed in (
            ("overrides", experiment.overrides),
            (f"scales.{scale}.overrides", experiment.scales[scale].overrides),
        )
        for number, override in enumerate(listed)
        if matches(override.when, known)
    ]
    return overlay([known, *overrides, layer(point, where)])


def _kept(scale: Scale, settings: Settings) -> bool:
    asked = {key: wanted for key, wanted in scale.only.items() if key in settings}
    return matches(asked, settings)


def _configuration(settings: Settings, where: str) -> Configuration:
    try:
        return Configuration.model_validate(nest(settings))
    except ValidationError as error:
        raise UserError(f"{where}: {_explain(error, settings)}") from None


def _explain(error: ValidationError, settings: Settings) -> str:
    """Return "place: key: what is wrong" for the first problem."""
    first = error.errors(include_url=False)[0]
    loc = [str(part) for part in first["loc"]]
    # pydantic puts a plug-in's name between its section and its field; the file has no such key.
    key = ".".join([*loc[:1], *loc[2:]] if len(loc) > 2 else loc)
    setting = settings.get(key)
    place = f"{setting.where}: " if setting else ""
    if first["type"] == "extra_forbidden":
        names = _field_names(loc, settings)
        near = get_close_matches(key.rpartition(".")[2], names, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(names)}"
        return f"{place}{key}: unknown key; {hint}"
    message = first["msg"].removeprefix("Value error, ")
    return f"{place}{key}: {message}" if key else message


def _field_names(loc: list[str], settings: Settings) -> list[str]:
    if len(loc) < 2:
        return [*Configuration.model_fields, "optimizer"]
    classes: list[type[Plugin]] = _plugin_classes(Plugin)
    wanted = settings.get(f"{loc[0]}.name")
    named = [c for c in classes if wanted and c.model_fields["name"].default == wanted.value]
    section = loc[0].rpartition("_")[2].capitalize()
    of_section = [c for c in named if any(b.__name__ == section for b in c.__mro__)] or named
    return sorted({field for c in of_section for field in c.model_fields})


def _plugin_classes(base: type[Plugin]) -> list[type[Plugin]]:
    return [c for sub in base.__subclasses__() for c in [sub, *_plugin_classes(sub)]]
