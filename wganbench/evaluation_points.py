"""At which iterations a run is evaluated. Without torch, for those who read results by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wganbench.plan.configuration import Configuration

QUARTERS = 4
FIRST = 50  # of so many parts is the first logarithmic point: earlier a critic says nothing yet


def evaluation_points(configuration: Configuration) -> list[int]:
    """Return the iterations after which a run is evaluated, ascending, without repeats."""
    count = min(configuration.evaluations, configuration.iterations)
    if configuration.evaluation_spacing == "log":
        return _logarithmic(configuration.iterations, count)
    return _even(configuration.iterations, count)


def quarters(iterations: int) -> list[int]:
    """Return the iterations at the ends of a budget's quarters, fewer than four below four."""
    return _even(iterations, min(QUARTERS, iterations))


def _even(iterations: int, count: int) -> list[int]:
    return [round((k + 1) * iterations / count) for k in range(count)]


def _logarithmic(iterations: int, count: int) -> list[int]:
    """Return about `count` points, each a multiple of the one before, and the quarters.

    Where multiples round to the same iteration there are fewer; quarters come on top.
    """
    first = max(iterations // FIRST, 1)
    steps = [k / (count - 1) for k in range(count)] if count > 1 else []
    spaced = [round(first * (iterations / first) ** step) for step in steps]
    return sorted({*spaced, *quarters(iterations)})
