"""Expansion of an experiment's grid into configurations."""

from collections.abc import Iterator, Mapping
from functools import cache
from math import prod
from typing import Any, NamedTuple

from wganbench.errors import UserError
from wganbench.plan.configuration import ALGORITHM, USUAL, Configuration
from wganbench.plan.experiment import Axis, Experiment, ScaleName, Subset
from wganbench.plan.keys import algorithms, taken_by
from wganbench.plan.presets import PRESETS
from wganbench.plan.resolve import algorithm_of, resolve
from wganbench.plan.settings import (
    Settings,
    current,
    layer,
    matches,
    overlay,
    spelt_out,
)
from wganbench.plan.subset import drawn
from wganbench.plan.tuning import Tuning

MAX_POINTS = 10_000  # Snakemake plans as many jobs in 17 s
MAX_DRAWN_FROM = 100_000  # of which a subset is drawn in 2 seconds
_NO_METHOD = ""

Point = dict[str, Any]


class Expanded(NamedTuple):
    """A point of the grid, with one of the settings that are tried there."""

    place: str
    """Where in the file it is from."""
    point: Point
    """Dotted keys and values, the tuned ones last."""
    tuned: tuple[str, ...]
    """Its tuned keys."""
    configuration: Configuration


def expand(experiment: Experiment, scale: ScaleName, where: str) -> list[Expanded]:
    """Return the grid's points with their configurations.

    Raises:
        UserError: a setting does not fit or is out of range, a condition holds nowhere, the grid is
            empty or too large, or two points are the same configuration. `where`, the file's name,
            begins the message.
    """
    grid = _Grid(experiment, scale, where)
    found: dict[str, Expanded] = {}
    for one in grid.configurations():
        key = one.configuration.model_dump_json()
        if key in found:
            raise UserError(
                f"{where}: {one.place}: {one.point} and {found[key].point} are the same "
                "configuration"
            )
        found[key] = one
    grid.tuning.refuse_uneven()
    _refuse_idle(grid)
    if not found:
        place = "without: leaves" if grid.held & grid.without.keys() else "only: keeps"
        raise UserError(f"{where}: scales.{scale}.{place} no configuration, the grid is empty")
    return list(found.values())


def some(experiment: Experiment, scale: ScaleName, where: str) -> Iterator[Expanded]:
    """Yield a grid's points and configurations one by one, though it be a part of the planned one.

    What `expand` checks on the whole of a grid is left to it.

    Raises:
        UserError: a setting does not fit or is out of range.
    """
    yield from _Grid(experiment, scale, where).configurations()


class _Grid:
    """An experiment's grid at one scale; it remembers which conditions and algorithms it met."""

    def __init__(self, experiment: Experiment, scale: ScaleName, where: str) -> None:
        size = experiment.scales[scale]
        self.experiment = experiment
        self.only = size.only
        self.subset = size.subset
        self.most = MAX_DRAWN_FROM if size.subset else MAX_POINTS
        self.place = f"scales.{scale}"
        self.where = where
        self.under = overlay(
            [layer(experiment.base, "base"), layer(size.set, f"scales.{scale}.set")]
        )
        usual = layer({ALGORITHM: USUAL}, "default")
        self.below = {
            method: overlay([usual, layer(preset, "preset"), self.under])
            for method, preset in {_NO_METHOD: {}, **PRESETS}.items()
        }
        overrides = {
            **{f"overrides.{n}": o for n, o in enumerate(experiment.overrides)},
            **{f"scales.{scale}.overrides.{n}": o for n, o in enumerate(size.overrides)},
        }
        self.overrides = {
            place: (override.when, layer(override.set, f"{place}.set"))
            for place, override in overrides.items()
        }
        self.without = {f"scales.{scale}.without.{n}": w for n, w in enumerate(size.without)}
        axes = {f"grid.{n}.{key}" for n, axes in enumerate(experiment.grid) for key in axes}
        self.tuning = Tuning(experiment, scale, where)
        self.conditions = axes | self.overrides.keys() | self.without.keys()
        self.held: set[str] = set()
        self.algorithms: set[str] = set()

    def configurations(self) -> Iterator[Expanded]:
        """Yield each configuration that is kept, with each of the settings that are tried in it."""
        found = 0
        for place, point, settings in self.chosen():
            self._refuse_untaken(point, settings, place)
            axes = self.tuning.axes(settings)
            if not self._keeps(settings):
                continue
            at = self.tuning.place if axes else place
            self._refuse_untaken(axes, settings, at)
            found += prod(map(len, axes.values()))
            if found > MAX_POINTS:
                raise UserError(f"{self.where}: {at}: more than {MAX_POINTS:,} points")
            for values in self.tuning.settings(axes, point):
                configuration = resolve(overlay([settings, layer(values, at)]), self.where)
                yield Expanded(at, point | values, tuple(values), configuration)

    def _refuse_untaken(self, values: Mapping[str, Any], settings: Settings, place: str) -> None:
        algorithm = algorithm_of(settings)
        if untaken := values.keys() - _in_use(values, algorithm):
            raise UserError(
                f"{self.where}: {place}: {min(untaken)}: {ALGORITHM} {algorithm!r} has no such "
                "setting"
            )

    def points(self) -> Iterator[tuple[str, Point, Settings]]:
        """Yield the place in the file, the point and the settings of each."""
        for place, point in self._product():
            yield place, point, self._settings(point, place)

    def chosen(self) -> Iterator[tuple[str, Point, Settings]]:
        """Yield the points, or those that the scale draws."""
        return self._drawn(self.subset) if self.subset else self.points()

    def _drawn(self, subset: Subset) -> Iterator[tuple[str, Point, Settings]]:
        """Yield those of the points that are drawn, in the grid's order."""
        product = self._product()

        def resolved(position: int) -> tuple[str, Point, Settings]:
            place, point = product[position]
            return place, point, self._settings(point, place)

        yield from drawn(
            [point for _, point in product], subset, f"{self.where}: {self.place}.subset",
            resolved, lambda one: self._keeps(one[-1]),
        )  # fmt: skip

    def _keeps(self, settings: Settings) -> bool:
        return matches(self.only, settings, unset=True) and not self.leaves_out(settings)

    def leaves_out(self, settings: Settings) -> bool:
        """Tell whether the scale goes without the configuration with these settings."""
        held = {place for place, part in self.without.items() if matches(part, settings)}
        self.held |= held
        return bool(held)

    def _product(self) -> list[tuple[str, Point]]:
        """Return the place in the file and the point of each, those of all blocks."""
        points: list[tuple[str, Point]] = []
        for number, axes in enumerate(self.experiment.grid):
            place = f"grid.{number}"
            points += [(place, current(point)) for point in self._block(axes, place)]
            if len(points) > self.most:
                raise UserError(f"{self.where}: grid: more than {self.most:,} points")
        return points

    def _block(self, axes: Mapping[str, Axis], place: str) -> list[Point]:
        """Return the product of a block's axes; one with a condition comes after those without."""
        points: list[Point] = [{}]
        for key, axis in sorted(axes.items(), key=lambda item: bool(item[1].when)):
            values = self._values(key, axis)
            if len(points) * len(values) > self.most:
                raise UserError(f"{self.where}: {place}.{key}: more than {self.most:,} points")
            points = [
                extended
                for point in points
                for extended in self._extended(point, key, values, axis.when, place)
            ]
        return [{key: point[key] for key in axes if key in point} for point in points]

    def _values(self, key: str, axis: Axis) -> list[Any]:
        """Return an axis's values; where a subset is drawn, of those that the scale keeps alone."""
        wanted = {k: value for k, value in self.only.items() if k == key and self.subset}
        return [v for v in axis.values if matches(wanted, layer({key: v}, ""), unset=True)]

    def _extended(
        self, point: Point, key: str, values: list[Any], when: Mapping[str, Any], place: str
    ) -> list[Point]:
        known = self._known(layer(point, place)) if when else {}
        if not self._holds(when, known, f"{place}.{key}"):
            return [point]
        return [point | {key: value} for value in values]

    def _known(self, point: Settings) -> Settings:
        """Return what conditions are asked of: preset, base, scale and grid point."""
        method = point.get("method") or self.under.get("method")
        name = method.value if method and isinstance(method.value, str) else _NO_METHOD
        return overlay([self.below.get(name, self.below[_NO_METHOD]), point])

    def _settings(self, point: Point, place: str) -> Settings:
        settings = self._resolved(layer(point, place))
        self.algorithms.add(algorithm_of(settings))
        return settings

    def _resolved(self, point: Settings) -> Settings:
        known = self._known(point)
        overrides = [
            settings
            for place, (when, settings) in self.overrides.items()
            if self._holds(when, known, place)
        ]
        return overlay([known, *overrides, point])

    def _holds(self, condition: Mapping[str, Any], settings: Settings, place: str) -> bool:
        holds = matches(condition, settings)
        if holds:
            self.held.add(place)
        return holds


def _in_use(values: Mapping[str, Any], algorithm: str) -> frozenset[str]:
    """Return the keys of some values that an algorithm takes."""
    return _taken_keys(tuple(values), algorithm)


@cache
def _taken_keys(keys: tuple[str, ...], algorithm: str) -> frozenset[str]:
    if algorithm not in algorithms():
        return frozenset(keys)
    names = taken_by(algorithm)
    return frozenset(
        key for key in keys if any(name.partition(".")[0] in names for name in spelt_out(key))
    )


def _refuse_idle(grid: _Grid) -> None:
    """Refuse a condition that holds nowhere: a misspelt value would change results in silence.

    So would a setting of the base that no algorithm of the grid takes.
    """
    idle = (grid.conditions - grid.held) | (grid.tuning.conditions - grid.tuning.held)
    for scale in grid.experiment.scales:
        if idle:
            other = _Grid(grid.experiment, scale, grid.where)
            for _ in other.points():
                if idle <= other.held:
                    break
            idle -= other.held
    if idle:
        place = min(idle)
        is_part = place in grid.without or place in grid.tuning.without
        where = place if is_part else f"{place}.when"
        raise UserError(f"{grid.where}: {where}: holds nowhere on the grid")
    base = current(grid.experiment.base)
    if untaken := base.keys() - {k for name in grid.algorithms for k in _in_use(base, name)}:
        raise UserError(
            f"{grid.where}: base: {min(untaken)}: no configuration of the grid takes it"
        )
