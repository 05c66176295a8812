"""What is tried in each configuration of a grid, so that methods are compared at their best."""

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from typing import Any

from wganbench.errors import UserError
from wganbench.plan.experiment import Experiment, ScaleName
from wganbench.plan.settings import Settings, layer, matches


class Tuning:
    """An experiment's `tuned` at one scale; it remembers which of its conditions held."""

    def __init__(self, experiment: Experiment, scale: ScaleName, where: str) -> None:
        tuned = experiment.scales[scale].tuned
        self.place = f"scales.{scale}.tuned"
        self.where = where
        self._tried = {
            f"{self.place}.settings.{n}": tried
            for n, tried in enumerate(tuned.settings if tuned else [])
        }
        self.without = {
            f"{self.place}.without.{n}": part
            for n, part in enumerate(tuned.without if tuned else [])
        }
        self.conditions = self._tried.keys() | self.without.keys()
        self.held: set[str] = set()
        self._sizes: dict[int, Mapping[str, Any]] = {}

    def axes(self, settings: Settings) -> dict[str, list[Any]]:
        """Return what is tried in the configuration with these settings: keys and their values."""
        tried = {place: one for place, one in self._tried.items() if matches(one.when, settings)}
        spared = {place for place, part in self.without.items() if matches(part, settings)}
        self.held |= tried.keys() | spared
        return {} if spared else {k: v for one in tried.values() for k, v in one.axes.items()}

    def settings(
        self, axes: Mapping[str, list[Any]], point: Mapping[str, Any]
    ) -> Iterator[dict[str, Any]]:
        """Yield each setting that is tried at a point of the grid: keys and one value each.

        Raises:
            UserError: a key is an axis of the grid there.
        """
        if both := layer(point, "").keys() & layer(dict.fromkeys(axes), "").keys():
            raise self._mistake(f"{min(both)}: is set by the grid at {dict(point)}")
        if axes:
            self._sizes.setdefault(prod(map(len, axes.values())), point)
        for values in product(*axes.values()):
            yield dict(zip(axes, values, strict=True))

    def refuse_uneven(self) -> None:
        """Refuse more settings for one configuration than for another, which would favour it.

        Raises:
            UserError: there are.
        """
        if len(self._sizes) > 1:
            (one, at_one), (other, at_other), *_ = self._sizes.items()
            raise self._mistake(
                f"{one} settings of {dict(at_one)} and {other} of {dict(at_other)}: what is "
                "compared gets equally many"
            )

    def _mistake(self, problem: str) -> UserError:
        return UserError(f"{self.where}: {self.place}: {problem}")
