"""A random part of a grid, the same wherever and whenever it is drawn.

Points are put in the order of digests of their seed and values: no generator of random numbers is
behind it, whose stream another version of Python or numpy might change.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, TypeVar

from wganbench.errors import UserError
from wganbench.plan.experiment import Subset

Resolved = TypeVar("Resolved")


def drawn(
    points: Sequence[Mapping[str, Any]],
    subset: Subset,
    where: str,
    resolve: Callable[[int], Resolved],
    keeps: Callable[[Resolved], bool],
) -> list[Resolved]:
    """Return what is drawn of a grid's points, resolved, in the grid's order.

    No more of them are resolved than it takes.

    Args:
        points: the grid's, each with its values.
        subset: how many are drawn, and how.
        where: file and key of the subset.
        resolve: returns what stands at a position among the points.
        keeps: whether the scale keeps that; of points that are drawn together, one is enough.

    Raises:
        UserError: there are fewer, or none has an axis that they should share.
    """
    if unknown := set(subset.same_for) - {key for point in points for key in point}:
        raise UserError(f"{where}.same_for: {min(unknown)}: is no axis of the grid")
    found: list[dict[int, Resolved]] = []
    for positions in in_drawn_order(points, subset):
        if len(found) == subset.points:
            break
        together = {position: resolve(position) for position in positions}
        if any(map(keeps, together.values())):
            found.append(together)
    if len(found) < subset.points:
        raise UserError(
            f"{where}.points: asks for {subset.points:,}, and the scale keeps {len(found):,}"
        )
    by_position = {position: one for together in found for position, one in together.items()}
    return [by_position[position] for position in sorted(by_position)]


def in_drawn_order(points: Sequence[Mapping[str, Any]], subset: Subset) -> list[list[int]]:
    """Return the points' positions, those together that differ in `same_for` alone."""
    together: dict[str, list[int]] = {}
    for position, point in enumerate(points):
        values = {key: value for key, value in point.items() if key not in subset.same_for}
        text = json.dumps(values, sort_keys=True, default=str)
        together.setdefault(text, []).append(position)

    def digest(text: str) -> bytes:
        return sha256(f"{subset.seed} {text}".encode()).digest()

    return [together[text] for text in sorted(together, key=digest)]
