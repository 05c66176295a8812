"""Expansion of an experiment's grid into configurations."""

from collections import deque
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import ValidationError

from wganbench.errors import UserError
from wganbench.plan.configuration import ALGORITHM, USUAL, Configuration
from wganbench.plan.experiment import Axis, Experiment, ScaleName
from wganbench.plan.keys import algorithms, known_keys, taken_by
from wganbench.plan.presets import PRESETS
from wganbench.plan.settings import Settings, current, layer, matches, nest, overlay
from wganbench.plugins.explain import first_problem, meant

MAX_POINTS = 10_000  # Snakemake plans as many jobs in 17 s

Point = dict[str, Any]


def expand(
    experiment: Experiment, scale: ScaleName, where: str
) -> list[tuple[Point, Configuration]]:
    """Return the grid's points (dotted keys and values) with their configurations.

    Raises:
        UserError: a setting does not fit or is out of range, a condition holds nowhere, the grid is
            empty or too large, or two points are the same configuration. `where`, the file's name,
            begins the message.
    """
    grid = _Grid(experiment, scale, where)
    idle = set(current(experiment.base))
    found: dict[str, tuple[Point, Configuration]] = {}
    for place, point, settings in grid.points():
        idle -= _in_use(experiment.base, settings)
        if unused := current(point).keys() - _in_use(point, settings):
            raise UserError(
                f"{where}: {place}: {min(unused)}: {ALGORITHM} {_algorithm(settings)!r} has "
                "no such setting"
            )
        if not matches(experiment.scales[scale].only, settings, unset=True):
            continue
        if grid.leaves_out(settings):
            continue
        configuration = resolve(settings, where)
        key = configuration.model_dump_json()
        if key in found:
            raise UserError(
                f"{where}: {place}: {point} and {found[key][0]} are the same configuration"
            )
        found[key] = (current(point), configuration)
    _refuse_idle(grid)
    if idle:
        raise UserError(f"{where}: base: {min(idle)}: no configuration of the grid takes it")
    if not found:
        place = "without: leaves" if grid.held & grid.without.keys() else "only: keeps"
        raise UserError(f"{where}: scales.{scale}.{place} no configuration, the grid is empty")
    return list(found.values())


class _Grid:
    """An experiment's grid at one scale; it remembers which conditions have held."""

    def __init__(self, experiment: Experiment, scale: ScaleName, where: str) -> None:
        size = experiment.scales[scale]
        self.experiment = experiment
        self.where = where
        self.under = (
            layer(experiment.base, "base"),
            layer(size.set, f"scales.{scale}.set"),
        )
        self.overrides = {
            **{f"overrides.{n}": o for n, o in enumerate(experiment.overrides)},
            **{f"scales.{scale}.overrides.{n}": o for n, o in enumerate(size.overrides)},
        }
        self.without = {f"scales.{scale}.without.{n}": w for n, w in enumerate(size.without)}
        axes = {f"grid.{n}.{key}" for n, axes in enumerate(experiment.grid) for key in axes}
        self.conditions = axes | self.overrides.keys() | self.without.keys()
        self.held: set[str] = set()

    def points(self) -> Iterator[tuple[str, Point, Settings]]:
        """Yield the place in the file, the point and the settings of each."""
        points: list[tuple[str, Point]] = []
        for number, axes in enumerate(self.experiment.grid):
            place = f"grid.{number}"
            points += [(place, point) for point in self._product(axes, place)]
            if len(points) > MAX_POINTS:
                raise UserError(f"{self.where}: grid: more than {MAX_POINTS:,} points")
        for place, point in points:
            yield place, point, self._resolved(layer(point, place))

    def leaves_out(self, settings: Settings) -> bool:
        """Tell whether the scale goes without the configuration with these settings."""
        held = {place for place, part in self.without.items() if matches(part, settings)}
        self.held |= held
        return bool(held)

    def _product(self, axes: Mapping[str, Axis], place: str) -> list[Point]:
        """Return the block's points; an axis with a condition comes after those without."""
        points: list[Point] = [{}]
        for key, axis in sorted(axes.items(), key=lambda item: bool(item[1].when)):
            if len(points) * len(axis.values) > MAX_POINTS:
                raise UserError(f"{self.where}: {place}.{key}: more than {MAX_POINTS:,} points")
            points = [
                extended for point in points for extended in self._extended(point, key, axis, place)
            ]
        return [{key: point[key] for key in axes if key in point} for point in points]

    def _extended(self, point: Point, key: str, axis: Axis, place: str) -> list[Point]:
        if not self._holds(axis.when, self._known(layer(point, place)), f"{place}.{key}"):
            return [point]
        return [point | {key: value} for value in axis.values]

    def _known(self, point: Settings) -> Settings:
        """Return what conditions are asked of: preset, base, scale and grid point."""
        method = overlay([*self.under, point]).get("method")
        preset = PRESETS.get(method.value, {}) if method and isinstance(method.value, str) else {}
        usual = layer({ALGORITHM: USUAL}, "default")
        return overlay([usual, layer(preset, "preset"), *self.under, point])

    def _resolved(self, point: Settings) -> Settings:
        known = self._known(point)
        overrides = [
            layer(override.set, f"{place}.set")
            for place, override in self.overrides.items()
            if self._holds(override.when, known, place)
        ]
        return overlay([known, *overrides, point])

    def _holds(self, condition: Mapping[str, Any], settings: Settings, place: str) -> bool:
        holds = matches(condition, settings)
        if holds:
            self.held.add(place)
        return holds


def _in_use(values: Mapping[str, Any], settings: Settings) -> frozenset[str]:
    """Return the keys of some values that the algorithm of these settings takes."""
    return _taken_keys(tuple(current(values)), _algorithm(settings))


@cache
def _taken_keys(keys: tuple[str, ...], algorithm: str) -> frozenset[str]:
    if algorithm not in algorithms():
        return frozenset(keys)
    names = taken_by(algorithm)
    spelt = {key: [part.partition(".")[0] for part in layer({key: 0}, "")] for key in keys}
    return frozenset(key for key, parts in spelt.items() if names.intersection(parts))


def _refuse_idle(grid: _Grid) -> None:
    """Refuse a condition that holds nowhere: a misspelt value would change results in silence."""
    idle = grid.conditions - grid.held
    for scale in grid.experiment.scales:
        if idle:
            other = _Grid(grid.experiment, scale, grid.where)
            deque(other.points(), maxlen=0)
            idle -= other.held
    if idle:
        place = min(idle)
        where = place if place in grid.without else f"{place}.when"
        raise UserError(f"{grid.where}: {where}: holds nowhere on the grid")


def resolve(settings: Settings, where: str, *, recorded: bool = False) -> Configuration:
    """Return the configuration that has these settings; see its `from_flat`.

    Raises:
        UserError: a setting is missing or does not fit. `where`, the file's name, begins the
            message.
    """
    try:
        return Configuration.from_flat(nest(taken(settings)), strict=True, recorded=recorded)
    except ValidationError as error:
        raise UserError(f"{where}: {_explain(error, settings)}") from None


def taken(settings: Settings) -> Settings:
    """Return the settings that the algorithm takes; those of an unknown one are left to be refused.

    Presets, the base and a scale speak for every configuration, also for one whose algorithm has no
    critic or no generator.
    """
    algorithm = _algorithm(settings)
    if algorithm not in algorithms():
        return settings
    names = taken_by(algorithm)
    return {key: s for key, s in settings.items() if key.partition(".")[0] in names}


def _algorithm(settings: Settings) -> str:
    return str(settings[ALGORITHM].value) if ALGORITHM in settings else USUAL


def _explain(error: ValidationError, settings: Settings) -> str:
    """Return "place: key: what is wrong" for the first problem, with the key as it was written."""
    kind, keys, message, context = first_problem(error)
    if keys[:1] == (ALGORITHM,):  # whose settings stand beside it in the file
        keys = keys[2:] or keys
    # pydantic puts a plug-in's name between its section and its field; the file has no such key.
    key = ".".join(keys if len(keys) < 3 else (keys[0], *keys[2:]))
    if f"{key}.name" in known_keys():
        key = f"{key}.name"
    key = ALGORITHM if key == f"{ALGORITHM}.name" else key
    if kind == "union_tag_invalid":
        names = context["expected_tags"].replace("'", "").split(", ")
        message = f"{context['tag']!r} is unknown{meant(context['tag'], names)}"
    elif kind in ("missing", "union_tag_not_found"):
        message = f"is not set{_no_preset(settings)}"
    written = settings[key].where if key in settings else key
    return f"{written}: {message}" if written else message


def _no_preset(settings: Settings) -> str:
    method = str(settings["method"].value) if "method" in settings else ""
    if not method or method in PRESETS:
        return ""
    return f", and method {method!r} is no preset that would set it{meant(method, PRESETS)}"
