"""Parts of an experiment in which a run or a data set is found without planning all of its grid.

Blocks, axes and their order stay, so that what is left expands to the same points.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from wganbench.plan.configuration import ALGORITHM
from wganbench.plan.experiment import Axis, Experiment, ScaleName
from wganbench.plan.keys import holders_of
from wganbench.plan.names import MAX_SLUG, METHOD, part_of_name
from wganbench.plan.settings import current, spelt_out


def for_name(experiment: Experiment, scale: ScaleName, slug: str) -> Experiment:
    """Return an experiment without the values of its axes that a run of this name cannot have.

    Some of what is left has another name, or the same: the digests in their ids decide.
    """
    if experiment.scales[scale].subset:
        return experiment
    grid = [_block(axes, slug) for axes in experiment.grid]
    return experiment.model_copy(update={"grid": grid})


def for_section(experiment: Experiment, scale: ScaleName, section: str) -> Experiment:
    """Return an experiment with one value of each axis that has no say in a section's settings.

    Every plug-in that the section has somewhere on the grid at this scale is in what is left.
    """
    size = experiment.scales[scale]
    if size.subset:  # of a part of the grid other points would be drawn
        return experiment
    conditions = [
        size.only,
        *size.without,
        *(override.when for override in (*experiment.overrides, *size.overrides)),
        *(axis.when for block in experiment.grid for axis in block.values()),
    ]
    asked = {part for condition in conditions for key in condition for part in _sections(key)}
    deciding = {section, METHOD, ALGORITHM, *asked}
    grid = [
        {
            key: axis if deciding & _sections(key) else _with(axis, axis.values[:1])
            for key, axis in block.items()
        }
        for block in experiment.grid
    ]
    return experiment.model_copy(update={"grid": grid})


def _sections(key: str) -> set[str]:
    return {name.partition(".")[0] for name in (key, *spelt_out(key))}


def _with(axis: Axis, values: list[Any]) -> Axis:
    return axis.model_copy(update={"values": values})


def _block(axes: Mapping[str, Axis], slug: str) -> dict[str, Axis]:
    """Read the slug along the axes, from each place where the method's name may end."""
    ends = {end for end, character in enumerate(f"{slug}-") if character == "-"}
    block = {}
    for key, axis in axes.items():
        after = {n: _ends(key, value, slug, ends) for n, value in enumerate(axis.values)}
        values = [axis.values[n] for n, reached in after.items() if reached]
        block[key] = _with(axis, values)
        ends = set().union(*after.values(), ends if axis.when else ())
    return block


def _ends(key: str, value: Any, slug: str, starts: set[int]) -> set[int]:
    """Return where the part for an axis's value may end that begins at one of some places."""
    if key == METHOD:
        return starts if f"{slug}-".startswith(f"{value}-") else set()
    parts = {f"-{part}" if part else "" for part in _parts(key, value)}
    # Of a name that was cut, the last part may be too.
    return {
        min(start + len(part), len(slug))
        for start in starts
        for part in parts
        if slug.startswith(part, start) or (len(slug) == MAX_SLUG and part.startswith(slug[start:]))
    }


def _parts(key: str, value: Any) -> Iterator[str]:
    """Yield what may stand in a name for a value in a file, whichever plug-in holds it."""
    ((key, value),) = current({key: value}).items()
    numbers = [value, float(value)] if isinstance(value, int) and abs(value) < 2**53 else [value]
    for name in spelt_out(key):
        for holder, field in holders_of(name):
            yield from (part_of_name(holder, field, number) for number in numbers)
